import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventOf } from '../support/events.ts'
import { browserPath, launchBrowser, openBoard } from './browser.ts'
import { faultsOf, type Guarded, startGuarded } from './guarded.ts'

const path = browserPath()
const soon = { interval: 50, timeout: 15_000 }

describe.skipIf(path === null)('the link of a board', () => {
  let browser: Browser
  let product: Guarded
  beforeAll(async () => {
    browser = await launchBrowser(path!)
    product = await startGuarded()
    await product.admin('POST', '/v1/tenants/acme/events', [
      eventOf('acme', 'contact.opened', { contactId: 'c-1', channel: 'chat', queue: 'billing' }),
      eventOf('acme', 'message.sent', { contactId: 'c-1', from: 'customer' }),
    ])
  })
  afterAll(async () => {
    await browser?.close()
    await product?.[Symbol.asyncDispose]()
  })

  const open = (link: string) => openBoard(browser, `${product.url}${link}`)

  test('opens the wallboard of its tenant, and nothing else, without a name or a button', async () => {
    const { link } = await product.board('acme', { lang: 'en' })
    const { page, text, tile, errors } = await open(link)
    expect(page.url()).toBe(`${product.url}/?tenant=acme&lang=en`)
    await expect.poll(() => tile('waiting'), soon).toContain('Waiting now')
    await expect.poll(() => text('#queue-rows'), soon).toContain('billing')
    expect(await page.locator('#session').innerText()).toBe('')
    expect(await page.getByRole('link').filter({ visible: true }).count()).toBe(0)
    expect(await page.locator('#tenants').isVisible()).toBe(false)
    expect(errors).toEqual([])
    expect(await faultsOf(page)).toEqual([])
    await page.goto(`${product.url}/?tenant=other&lang=en`)
    await expect.poll(() => text('#welcome-title'), soon).toContain('other')
    await page.goto(`${product.url}/alerts?tenant=acme&lang=en`)
    await expect.poll(() => text('#banner'), soon).toBe('This key may not do that.')
    await page.goto(`${product.url}/scorecards?tenant=acme&lang=zh`)
    await expect.poll(() => text('#notices'), soon).toBe('此密钥无权执行该操作。')
    await page.goto(`${product.url}/import?tenant=acme&lang=zh`)
    await expect.poll(() => text('#notice'), soon).toBe('此密钥无权执行该操作。')
  })

  test('goes on when the product is started again, also on a screen that is', async () => {
    const { link } = await product.board('acme', { lang: 'zh' })
    const { page, text, tile } = await open(link)
    await expect.poll(() => tile('waiting'), soon).toContain('当前等待')
    await page.evaluate('(window.isSamePage = true)')
    await product.restart()
    await expect.poll(() => text('#connection'), { ...soon, timeout: 30_000 }).toContain('实时')
    expect(await page.evaluate('window.isSamePage')).toBe(true)
    const screens = await Promise.all(Array.from({ length: 8 }, () => open(link)))
    for (const screen of screens) {
      await expect.poll(() => screen.tile('waiting'), soon).toContain('当前等待')
      await screen.page.context().close()
    }
  })

  test.each([
    ['en', 'This link opens no board any more. Ask for a new one.'],
    ['zh', '此链接已不能打开任何看板，请索取新链接。'],
  ])('says that it is over, once it is revoked: %s', async (lang, said) => {
    const { id, link } = await product.board('acme', { lang })
    const { page, text, tile } = await open(link)
    await expect.poll(() => tile('waiting'), soon).not.toBe('')
    await product.admin('DELETE', `/v1/tenants/acme/boards/${id}`)
    await expect.poll(() => page.url(), soon).toContain('/sign-in?to=')
    await page.goto(`${product.url}${link}`)
    expect(page.url()).toBe(`${product.url}/sign-in?from=board`)
    await expect.poll(() => text('#why'), soon).toBe(said)
    expect(await faultsOf(page)).toEqual([])
  })

  test('is answered with a problem where no browser asks', async () => {
    const { id, link } = await product.board('acme')
    await product.admin('DELETE', `/v1/tenants/acme/boards/${id}`)
    const response = await fetch(`${product.url}${link}`)
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'unknown-key' }])
  })
})
