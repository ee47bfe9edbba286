import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Board, browserPath, launchBrowser, openBoard } from './browser.ts'
import { faultsOf, type Guarded, type MadeKey, signIn, startGuarded } from './guarded.ts'

const path = browserPath()
const soon = { interval: 50, timeout: 10_000 }
const everyPage = ['/?tenant=acme', '/scorecards?tenant=acme', '/alerts?tenant=acme', '/import']

describe.skipIf(path === null)('the pages of a product that asks who comes', () => {
  let browser: Browser
  let product: Guarded
  let reader: MadeKey
  beforeAll(async () => {
    browser = await launchBrowser(path!)
    product = await startGuarded()
    reader = await product.key('Li Wei', ['read'], { tenant: 'acme' })
  })
  afterAll(async () => {
    await browser?.close()
    await product?.[Symbol.asyncDispose]()
  })

  const open = (address = '/sign-in?lang=en', options = {}): Promise<Board> =>
    openBoard(browser, `${product.url}${address}`, options)
  const at = (page: Page) => page.url().slice(product.url.length)
  const isAt = (page: Page, address: string) => expect.poll(() => at(page), soon).toBe(address)

  test.each(everyPage)(
    'lead who is not signed in to the page that signs in, and back: %s',
    async (address) => {
      const everything = await product.key('Wang', ['read', 'ingest'])
      const { page, text } = await open(address)
      await isAt(page, `/sign-in?${String(new URLSearchParams({ to: address }))}`)
      await signIn(page, everything.key)
      await isAt(page, address)
      await expect.poll(() => text('#session'), soon).toBe('Wang Sign out')
    },
  )

  test('keep the key nowhere but in its field', async () => {
    const { page } = await open('/sign-in?lang=en&to=/scorecards')
    const addresses: string[] = []
    page.on('request', (request) => void addresses.push(request.url()))
    await signIn(page, reader.key)
    await isAt(page, '/scorecards')
    expect(addresses.join()).not.toContain(reader.key)
    const kept = `JSON.stringify([localStorage, sessionStorage, document.cookie, document.documentElement.outerHTML])`
    expect(await page.evaluate(kept)).not.toContain('dp_')
    const cookies = await page.context().cookies()
    expect(cookies).toMatchObject([{ name: 'deskpulse', httpOnly: true, sameSite: 'Strict' }])
  })

  const words = {
    en: {
      missing: 'Paste a key first.',
      unknown: 'There is no such key. Paste the whole of it.',
      revoked: 'This key was revoked. Ask for a new one.',
      forbidden: 'This key opens no page: it has neither of the scopes board and read.',
      unreachable: 'The server cannot be reached. Try again in a moment.',
      tooMany: 'Too many tries. Try again in 42 s.',
    },
    zh: {
      missing: '请先粘贴密钥。',
      unknown: '没有这个密钥。请粘贴完整的密钥。',
      revoked: '此密钥已被撤销，请索取新密钥。',
      forbidden: '此密钥不能打开任何页面：它既没有 board 权限，也没有 read 权限。',
      unreachable: '无法连接服务器，请稍后重试。',
      tooMany: '尝试次数过多，请在 42 秒后重试。',
    },
  }
  test.each(['en', 'zh'] as const)('say why a key is not taken: %s', async (lang) => {
    const said = words[lang]
    const { page, text } = await open(`/sign-in?lang=${lang}`)
    const says = (what: string) => expect.poll(() => text('#wrong'), soon).toBe(what)
    await signIn(page, '')
    await says(said.missing)
    await signIn(page, '密钥')
    await says(said.unknown)
    await signIn(page, `${reader.key.slice(0, -1)}x`)
    await says(said.unknown)
    expect(await page.evaluate('document.activeElement.id')).toBe('key')
    const revoked = await product.key('Gone', ['read'])
    await product.admin('DELETE', `/v1/keys/${revoked.id}`)
    await signIn(page, revoked.key)
    await says(said.revoked)
    expect(await faultsOf(page)).toEqual([])
    const sender = await product.key('Sender', ['ingest'])
    await signIn(page, sender.key)
    await says(said.forbidden)
    await page.route('**/v1/session', (route) => route.abort())
    await signIn(page, reader.key)
    await says(said.unreachable)
    await page.unroute('**/v1/session')
    await page.route('**/v1/session', (route) =>
      route.fulfill({
        ...{ status: 429, headers: { 'retry-after': '42' } },
        json: { code: 'rate-limited', status: 429, detail: 'in 42 s' },
      }),
    )
    await signIn(page, reader.key)
    await says(said.tooMany)
    await page.unroute('**/v1/session')
    await signIn(page, `  ${reader.key}\n`)
    await isAt(page, '/')
  })

  test('say that a key has expired', async () => {
    const { page, text } = await open()
    await page.route('**/v1/session', (route) =>
      route.fulfill({
        status: 401,
        json: { code: 'unauthorized', status: 401, detail: 'the key has expired' },
      }),
    )
    await signIn(page, reader.key)
    await expect.poll(() => text('#wrong'), soon).toBe('This key has expired. Ask for a new one.')
  })

  test('are left by the button, and cannot be gone back to', async () => {
    const { page, text } = await open('/sign-in?lang=en&to=/alerts?tenant=acme')
    await signIn(page, reader.key)
    await expect.poll(() => text('h1'), soon).toBe('acme · Alerts')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await isAt(page, '/sign-in')
    expect(await page.context().cookies()).toEqual([])
    await page.goto(`${product.url}/scorecards?tenant=acme`)
    await expect.poll(() => at(page), soon).toMatch(/^\/sign-in\?to=/)
  })

  test('say that nobody was signed out where the server could not be reached', async () => {
    const { page, text } = await open('/sign-in?lang=en&to=/scorecards?tenant=acme')
    await signIn(page, reader.key)
    await expect.poll(() => text('#session'), soon).toBe('Li Wei Sign out')
    await page.route('**/v1/session', (route) => route.abort())
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect.poll(() => text('#sign-out'), soon).toBe('Not signed out: try again')
    await page.unroute('**/v1/session')
    await page.locator('#sign-out').click()
    await isAt(page, '/sign-in')
  })

  test.each([
    ['en', 'Your session is over: the key that it began with was revoked.'],
    ['zh', '会话已结束：登录所用的密钥已被撤销。'],
  ])('end when the key is revoked, and say so: %s', async (lang, said) => {
    const passing = await product.key('Passing', ['read'], { tenant: 'acme' })
    const to = `/alerts?tenant=acme&lang=${lang}`
    const { page, text } = await open(`/sign-in?${String(new URLSearchParams({ lang, to }))}`)
    await signIn(page, passing.key)
    await isAt(page, to)
    await expect.poll(() => page.locator('#sign-out').count(), soon).toBe(1)
    await product.admin('DELETE', `/v1/tenants/acme/keys/${passing.id}`)
    await isAt(page, `/sign-in?${String(new URLSearchParams({ to }))}`)
    await expect.poll(() => text('#why'), soon).toBe(said)
    await signIn(page, reader.key)
    await isAt(page, to)
  })

  test.each([
    'https://example.org/',
    '//example.org/',
    '/\\example.org/',
    '\\\\example.org/',
    '/\t/example.org/',
    '/\n\\example.org',
    'javascript:document.title="taken"',
    '/sign-in?to=//example.org',
    'example.org',
    '',
  ])('lead nowhere else: %j', async (to) => {
    const { page } = await open(`/sign-in?${String(new URLSearchParams({ to }))}`)
    await signIn(page, reader.key)
    await isAt(page, '/')
  })

  test('take a path that only looks like an address for a path', async () => {
    const { page } = await open(
      `/sign-in?${String(new URLSearchParams({ to: '/.//example.org/' }))}`,
    )
    await signIn(page, reader.key)
    await isAt(page, '//example.org/')
  })

  test.each([
    { width: 1_280, height: 800 },
    { width: 360, height: 740 },
  ])('have no fault that axe finds, and are not wider than $width', async (viewport) => {
    const long = await product.key(`${'Maria del Carmen '.repeat(5)}Fernandez`, ['admin'])
    for (const lang of ['en', 'zh']) {
      const { page } = await open(`/sign-in?lang=${lang}&from=board`, { viewport })
      expect(await faultsOf(page)).toEqual([])
      await signIn(page, long.key)
      await isAt(page, '/')
      for (const address of everyPage) {
        await page.goto(`${product.url}${address}`)
        await expect.poll(() => page.locator('#sign-out').count(), soon).toBe(1)
        expect(await faultsOf(page), address).toEqual([])
        const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
        expect(isWide, address).toBe(false)
      }
    }
  })
})
