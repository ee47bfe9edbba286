import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Embedded, startEmbedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts'
import { shippedRulesOff } from '../support/shipped-rules.ts'
import { browserPath, launchBrowser, openBoard } from './browser.ts'

const path = browserPath()
const soon = { interval: 50 }
describe.skipIf(path === null)('the alerts’ page of the product', () => {
  let browser: Browser
  let receiver: WebhookReceiver
  let product: Embedded
  beforeAll(async () => {
    browser = await launchBrowser(path!)
    receiver = await startWebhookReceiver()
    const rules = [
      { name: 'customer-waiting', limit: '1s' },
      ...shippedRulesOff('customer-waiting'),
    ]
    const endpoints = [
      { name: 'floor', kind: 'webhook', url: receiver.url, secret: receiver.secret },
    ]
    product = await startEmbedded({
      tenants: { acme: {}, other: {} },
      alerts: { allowPrivateAddresses: true, endpoints, rules },
    })
    await product.client.caughtUp('acme')
  })
  afterAll(async () => {
    await browser?.close()
    await product?.[Symbol.asyncDispose]()
    await receiver?.stop()
  })

  const open = (query = '', options = {}) =>
    openBoard(browser, `${product.service.url}/alerts?tenant=acme${query}`, options)
  const asks = (contactId: string) =>
    product.client.send('acme', [
      eventOf('acme', 'contact.opened', {
        contactId,
        channel: 'chat',
        queue: 'billing',
        customerId: contactId,
      }),
      eventOf('acme', 'message.sent', { contactId, from: 'customer' }),
    ])
  const answers = (contactId: string) =>
    product.client.send('acme', [
      eventOf('acme', 'message.sent', { contactId, from: 'agent', agentId: 'a-1' }),
    ])

  test('shows a customer who waits too long, who was told, and in the history that it is over', async () => {
    const { page, text, errors } = await open()
    await expect.poll(() => text('#main'), soon).toContain('No alerts firing')
    await asks('c-1')
    await expect
      .poll(() => text('#main'), soon)
      .toMatch(
        /Warning Customer waiting · queue billing · chat 0:0\d c-1 · Limit 1 s · Since \d\d:\d\d:\d\d/,
      )
    await expect.poll(() => text('#main'), soon).toMatch(/floor: delivered \d\d:\d\d:\d\d/)
    await expect.poll(() => text('#main .clock'), soon).toBe('0:03') // It ticks, though nothing happens.
    expect(await page.title()).toBe('(1) acme · Alerts')
    expect(await text('#spoken')).toBe('1 alert firing')
    await answers('c-1')
    await expect.poll(() => text('#main'), soon).toContain('No alerts firing')
    await page.getByRole('link', { name: 'History' }).click()
    await expect
      .poll(() => text('#main'), soon)
      .toMatch(/Resolved Customer waiting · queue billing · chat 0:0\d c-1 ·/)
    expect(errors).toEqual([])
  })

  test('opens an alert and goes back by the keyboard alone', async () => {
    const { page, text } = await open()
    await asks('c-2')
    await expect.poll(() => page.locator('a.card').count(), soon).toBe(1)
    await page.locator('a.card').focus()
    await page.keyboard.press('Enter')
    await expect
      .poll(() => text('#detail-title'), soon)
      .toBe('Customer waiting · queue billing · chat')
    expect(await page.evaluate('document.activeElement.id')).toBe('detail-title')
    expect(page.url()).toMatch(/alert=[0-9a-f]{32}/)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('#detail-title').count(), soon).toBe(0)
    expect(await page.evaluate(`document.activeElement.matches('a.card')`)).toBe(true)
    await answers('c-2')
  })

  test('takes an acknowledgement, and remembers whose it was', async () => {
    const { page, text, errors } = await open()
    await asks('c-3')
    await page.locator('a.card').click()
    const form = page.getByRole('form', { name: 'Acknowledge' })
    await form.getByLabel('Comment').fill('I call')
    await form.getByLabel('Your name').fill('Li')
    await form.getByRole('button').click()
    await expect.poll(() => text('#main .list'), soon).toContain('Acknowledged by Li')
    await expect.poll(() => text('.course'), soon).toContain('Acknowledged by Li: I call')
    await page.reload()
    await expect.poll(() => page.locator('#author').inputValue(), soon).toBe('Li')
    await answers('c-3')
    expect(errors).toEqual([])
  })

  test('sends a message again, under its id', async () => {
    const { page, text } = await open()
    await asks('c-4')
    const [first] = await receiver.until(
      'c-4 is told of',
      () => receiver.of('contact/c-4').length === 1,
    )
    expect(first).toBeDefined()
    await page.locator('a.card').click()
    const button = page.getByRole('button', { name: 'Resend' })
    await button.click()
    await expect.poll(() => page.evaluate(`document.activeElement.name`), soon).toBe('author') // Nobody has said so far.
    await page.keyboard.type('Wang')
    await button.click()
    await receiver.until('c-4 is told of again', () => receiver.of('contact/c-4').length === 2)
    expect(new Set(receiver.of('contact/c-4').map(({ id }) => id)).size).toBe(1)
    await expect
      .poll(() => text('.attempts'), soon)
      .toMatch(/1 \d\d:\d\d:\d\d .* accepted \(204\) 2 \d\d:\d\d:\d\d .* accepted \(204\)/)
    await answers('c-4')
  })

  test('changes a rule, tries it before, and puts it back', async () => {
    const { page, text, errors } = await open('&view=rules')
    const card = page.locator('article', {
      has: page.getByRole('heading', { name: 'Customer waiting' }),
    })
    await card.locator('summary').click()
    await card.getByLabel('Limit (s)').fill('2')
    await card.getByRole('button', { name: 'Dry run on the past' }).click()
    await expect.poll(() => card.innerText(), soon).toMatch(/It would have fired \d+ times?/)
    await card.getByLabel('Limit (s)').fill('90')
    await card.getByLabel('Your name').fill('Li')
    await card.getByRole('button', { name: 'Save' }).click()
    await expect.poll(() => card.innerText(), soon).toContain('A customer waits longer than 90 s')
    expect(await card.innerText()).toContain('edited here')
    await card.getByRole('button', { name: 'Revert to the installation’s' }).click()
    await expect.poll(() => card.innerText(), soon).toContain('A customer waits longer than 1 s')
    expect(await text('#nav')).toContain('Rules')
    expect(errors).toEqual([])
  })

  test('tries an endpoint, and shows the message', async () => {
    const { page, text, errors } = await open('&view=endpoints')
    await expect.poll(() => text('#main'), soon).toContain('floor Healthy webhook 127.0.0.1')
    await page.locator('summary').click()
    await page.locator('#author').fill('Li')
    await page.locator('#author').blur()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await receiver.until('the test has come', (all) =>
      all.some(({ told }) => told.data.subject.startsWith('endpoint/floor')),
    )
    await expect.poll(() => text('#main'), soon).toMatch(/delivered test/)
    expect(errors).toEqual([])
  })

  test('speaks the browser’s language, switches, and remembers', async () => {
    const { page, text } = await open('', { locale: 'zh-CN' })
    await expect.poll(() => text('h1'), soon).toBe('acme · 告警')
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await page.getByRole('button', { name: 'English' }).click()
    await expect.poll(() => text('h1'), soon).toBe('acme · Alerts')
    expect(page.url()).toContain('lang=en')
  })

  test('shows another tenant when it is picked, and the first again when one goes back', async () => {
    const { page, text } = await open()
    await page.locator('#tenant-picker').selectOption('other')
    await expect.poll(() => text('h1'), soon).toBe('other · Alerts')
    await page.goBack()
    await expect.poll(() => text('h1'), soon).toBe('acme · Alerts')
    expect(await page.locator('#tenant-picker').inputValue()).toBe('acme')
  })

  test('is reached from the wallboard, and leads back to it', async () => {
    const { page, text } = await openBoard(browser, `${product.service.url}/?tenant=acme&lang=en`)
    await page.getByRole('link', { name: 'Alerts' }).click()
    await expect.poll(() => text('h1'), soon).toBe('acme · Alerts')
    await page.getByRole('link', { name: 'Wallboard' }).click()
    await expect.poll(() => text('#tile-waiting h2'), soon).toBe('Waiting now')
  })

  test('goes grey and says so when the server cannot be reached, and comes back', async () => {
    const { page, text } = await open()
    await page.route('**/v1/**', (route) => route.abort())
    await expect.poll(() => page.locator('#banner').count(), soon).toBe(1)
    expect(await text('#banner')).toMatch(
      /^The server cannot be reached. Alerts are as of \d\d:\d\d:\d\d; trying again.$/,
    )
    expect(await text('#connection')).toBe('No connection')
    expect(
      await page.evaluate(`getComputedStyle(document.getElementById('main')).filter`),
    ).toContain('grayscale')
    await page.unroute('**/v1/**')
    await expect.poll(() => text('#connection'), soon).toContain('Live')
    expect(await page.locator('#banner').count()).toBe(0)
  })

  test('says what to do about a tenant that is not there', async () => {
    const { page, text, errors } = await openBoard(
      browser,
      `${product.service.url}/alerts?tenant=nobody&lang=en`,
    )
    await expect.poll(() => text('#main'), soon).toContain('There is no tenant “nobody”')
    await page.getByRole('link', { name: 'other' }).click()
    await expect.poll(() => text('h1'), soon).toBe('other · Alerts')
    expect(errors).toEqual([])
  })
})
