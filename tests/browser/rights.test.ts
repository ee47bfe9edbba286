import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Embedded, startEmbedded } from '../support/embedded.ts'
import { type Board, browserPath, launchBrowser, openBoard } from './browser.ts'
import { faultsOf, type Guarded, signIn, startGuarded } from './guarded.ts'
import { scoredTenant, showCards } from './scorecards-page.ts'

const path = browserPath()
const soon = { interval: 50, timeout: 10_000 }
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

describe.skipIf(path === null)('what a key may do', () => {
  let product: Guarded
  beforeAll(async () => {
    product = await startGuarded()
  })
  afterAll(() => product?.[Symbol.asyncDispose]())

  /** A page for who has such a key of the tenant. */
  async function openWith(scopes: readonly string[], to: string): Promise<Board> {
    const { key } = await product.key('Li Wei', scopes, { tenant: 'acme' })
    const board = await openBoard(
      browser,
      `${product.url}/sign-in?${String(new URLSearchParams({ to }))}`,
    )
    onTestFinished(() => board.page.context().close())
    await signIn(board.page, key)
    await expect.poll(() => board.page.url(), soon).toBe(`${product.url}${to}`)
    await expect.poll(() => board.page.locator('#sign-out').count(), soon).toBe(1)
    return board
  }
  const links = (page: Page) => page.locator('header a:visible, #footer a:visible').allInnerTexts()

  test('is offered, and nothing else: to who reads', async () => {
    const { page, text, errors } = await openWith(['read'], '/alerts?tenant=acme&lang=en')
    await expect.poll(() => text('#nav'), soon).toBe('Firing History Silences Rules')
    expect(await page.locator('#author').count()).toBe(0)
    await page.getByRole('link', { name: 'Silences' }).click()
    await expect.poll(() => page.locator('.empty').count(), soon).toBe(1)
    expect(await page.locator('form').count()).toBe(0)
    await page.getByRole('link', { name: 'Rules' }).click()
    await expect.poll(() => page.locator('article').count(), soon).toBeGreaterThan(1)
    expect(await page.locator('form, summary').count()).toBe(0)
    expect(errors).toEqual([expect.stringContaining('401')]) // Of the page that signs in: nobody had.
    await page.goto(`${product.url}/alerts?tenant=acme&lang=zh&view=endpoints`)
    await expect
      .poll(() => text('#main'), soon)
      .toBe('此密钥无权执行该操作。 通知端点属于整个安装，需要安装级密钥。')
    await page.goto(`${product.url}/?tenant=acme&lang=en`)
    await expect.poll(() => links(page), soon).toEqual(['Score cards', 'Alerts'])
    await page.goto(`${product.url}/import?tenant=acme&lang=en`)
    await expect.poll(() => text('#notice'), soon).toBe('This key may not do that.')
  })

  test('is offered to who sees to alerts, who is not asked for a name', async () => {
    const { page, text } = await openWith(
      ['read', 'alerts'],
      '/alerts?tenant=acme&view=silences&lang=en',
    )
    const silence = page.getByRole('form', { name: 'New silence' })
    await expect.poll(() => silence.count(), soon).toBe(1)
    expect(await page.getByLabel('Your name').count()).toBe(0)
    const asked = page.waitForRequest((request) => request.method() === 'POST')
    await page.route('**/silences', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({
            ...{ status: 403, contentType: 'application/problem+json' },
            json: { code: 'forbidden', status: 403, detail: 'this needs the scope alerts' },
          })
        : route.continue(),
    )
    await silence.getByRole('button', { name: 'Silence', exact: true }).click()
    expect(Object.keys((await asked).postDataJSON() as object)).not.toContain('author')
    await expect.poll(() => text('[role=alert]'), soon).toBe('This key may not do that.')
  })

  test('is offered to who sends files, and the wallboard only to who may look', async () => {
    const { page } = await openWith(['board', 'ingest'], '/?tenant=acme&lang=en')
    await expect.poll(() => links(page), soon).toEqual(['Scores in'])
    await page.getByRole('link', { name: 'Scores in' }).click()
    await expect.poll(() => page.locator('#form').isVisible(), soon).toBe(true)
    await expect.poll(() => links(page), soon).toEqual(['Wallboard'])
  })
})

describe.skipIf(path === null)('appeals', () => {
  const sessionOf = (scopes: readonly string[]) => (page: Page) =>
    page.route('**/v1/session', (route) =>
      route.fulfill({ json: { mode: 'keys', name: 'Li Wei', tenants: ['acme'], scopes } }),
    )

  test('are offered to who may send them, and signed by who is signed in', async () => {
    const { page, text } = await showCards(browser, '&agent=agent-2', {
      api: await scoredTenant(),
      prepare: sessionOf(['read', 'ingest']),
    })
    await page.locator('.figure[data-kpi="fcr_gross"]').click()
    await page.locator('.pick').first().click()
    await expect.poll(() => page.locator('.draft').count(), soon).toBe(1)
    expect(await page.locator('.draft').getByLabel('Your name').count()).toBe(0)
    await page.getByLabel('Reason').fill('The line was down.')
    await page.route('**/appeals', (route) => route.fulfill({ status: 202, json: {} }))
    const asked = page.waitForRequest((request) => request.method() === 'POST')
    await page.getByRole('button', { name: 'File the appeal' }).click()
    expect(Object.keys((await asked).postDataJSON() as object)).not.toContain('filedBy')
    await expect.poll(() => text('.appeal-list'), soon).toContain('filed by Li Wei')
  })

  test('are not offered to who only reads', async () => {
    const { page } = await showCards(browser, '&agent=agent-2', {
      prepare: sessionOf(['read']),
    })
    await expect.poll(() => page.locator('#sign-out').count(), soon).toBe(1)
    await page.locator('.figure[data-kpi="fcr_gross"]').click()
    await expect.poll(() => page.locator('.rows').count(), soon).toBe(1)
    expect(await page.locator('.pick, .hint').count()).toBe(0)
  })
})

describe.skipIf(path === null)('a product that is open', () => {
  let product: Embedded
  beforeAll(async () => {
    product = await startEmbedded({ openTenants: false, tenants: { acme: {} } })
  })
  afterAll(() => product?.[Symbol.asyncDispose]())

  const pages = ['/', '/scorecards', '/alerts', '/import', '/sign-in']
  test.each(pages)('says so on its pages, in short and at length: %s', async (address) => {
    for (const [lang, word, atLength] of [
      [
        'en',
        'Open',
        'Whoever reaches this address may change everything: nobody is asked for a key.',
      ],
      ['zh', '开放', '任何能访问此地址的人都可以更改所有内容：无需密钥。'],
    ] as const) {
      const viewport = { width: 390, height: 844 }
      const to = `${product.service.url}${address}?tenant=acme&lang=${lang}`
      const { page, text, errors } = await openBoard(browser, to, { viewport })
      await expect.poll(() => page.locator('#session button').count(), soon).toBe(1)
      expect(await text('#session')).toBe(word)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
      await page.locator('#session button').click()
      expect(await text('#open-at-length')).toBe(atLength)
      expect(await faultsOf(page)).toEqual([])
      expect(errors).toEqual([])
      await page.context().close()
    }
  })
})
