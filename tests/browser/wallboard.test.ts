import { measures, thresholdMeasures } from '@deskpulse/core/kpis'
import type { EpochMs } from '@deskpulse/core/time'
import type { Browser, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FloorOptions } from '../../services/api/src/testing/floor.ts'
import { type Api, openApi } from '../../services/api/src/testing/server.ts'
import { type Embedded, startEmbedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { browserPath, launchBrowser, openBoard } from './browser.ts'

const path = browserPath()
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

const filterOfBoard = `getComputedStyle(document.getElementById('board')).filter`
const soon = { interval: 50 }

describe.skipIf(path === null)('the wallboard of the product', () => {
  let product: Embedded
  beforeAll(async () => {
    product = await startEmbedded({ tenants: { acme: {}, other: {} } })
    await product.client.caughtUp('acme')
  })
  afterAll(() => product?.[Symbol.asyncDispose]())

  const said = (contactId: string, data: object) =>
    eventOf('acme', 'message.sent', { contactId, ...data })

  test('shows a customer who waits, how long, in which queue, and that it is over when an agent has answered', async () => {
    const { tile, text, errors } = await openBoard(browser, `${product.service.url}/?tenant=acme`)
    expect(await tile('waiting')).toContain('Waiting now Nobody waits 0')
    const opened = eventOf('acme', 'contact.opened', {
      contactId: 'c-1',
      channel: 'chat',
      queue: 'billing',
      customerId: 'u-1',
    })
    await product.client.send('acme', [opened, said('c-1', { from: 'customer' })])
    await expect.poll(() => tile('waiting'), soon).toContain('All within limit 1')
    await expect.poll(() => tile('longest'), soon).toMatch(/0:0\d since \d\d:\d\d:\d\d · billing/)
    await expect.poll(() => tile('longest'), soon).toContain('0:02') // It ticks, though nothing happens.
    await expect.poll(() => text('#queue-rows'), soon).toMatch(/billing 1 0:0\d – – 1/)
    await product.client.send('acme', [said('c-1', { from: 'agent', agentId: 'a-1' })])
    await expect.poll(() => tile('waiting'), soon).toContain('Nobody waits 0')
    await expect
      .poll(() => tile('response'), soon)
      .toMatch(/Average response On target \d\.?\d? s target ≤ 30 s · 1 reply/)
    await expect.poll(() => tile('within'), soon).toContain('100 % target ≥ 80 % · 1 of 1')
    await expect.poll(() => tile('today'), soon).toContain('Contacts today 1')
    expect(errors).toEqual([])
  })

  test('shows a caller who waits, and the one who has hung up', async () => {
    const { tile, errors } = await openBoard(browser, `${product.service.url}/?tenant=other`)
    const call = (type: string, data: object, secondsAgo: number) =>
      eventOf(
        'other',
        type,
        { contactId: 'call-1', ...data },
        { time: new Date(Date.now() - secondsAgo * 1_000).toISOString() },
      )
    const opened = { channel: 'voice', queue: 'hotline', customerId: 'u-2' }
    await product.client.send('other', [call('contact.opened', opened, 15)])
    await expect.poll(() => tile('waiting'), soon).toContain('All within limit 1')
    await product.client.send('other', [call('contact.abandoned', {}, 1)])
    await expect
      .poll(() => tile('abandoned'), soon)
      .toBe('Abandoned today Off target 100 % target ≤ 5 % · 1 of 1')
    expect(await tile('level')).toBe('Service level Off target 0 % target ≥ 80 % · 0 of 1')
    expect(await tile('waiting')).toContain('Nobody waits 0')
    expect(errors).toEqual([])
  })

  test('shows the first tenant, and another one when it is picked', async () => {
    const { page, text, errors } = await openBoard(browser, product.service.url)
    expect(await text('h1')).toBe('acme')
    await page.locator('#tenant-picker').selectOption('other')
    await expect.poll(() => text('h1'), soon).toBe('other')
    expect(page.url()).toContain('tenant=other')
    await expect.poll(() => page.locator('body').getAttribute('data-state'), soon).toBe('live')
    expect(errors).toEqual([])
  })

  test('speaks the browser’s language, switches, and remembers', async () => {
    const { page, text, tile } = await openBoard(browser, product.service.url, { locale: 'zh-CN' })
    expect(await tile('waiting')).toContain('当前等待')
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await page.getByRole('button', { name: 'English' }).click()
    expect(await tile('waiting')).toContain('Waiting now')
    await page.goto(product.service.url)
    await expect.poll(() => text('#tile-waiting h2'), soon).toBe('Waiting now')
    await page.goto(`${product.service.url}/?lang=zh`)
    await expect.poll(() => text('#tile-waiting h2'), soon).toBe('当前等待')
  })

  test('says what to do about a tenant that is not there', async () => {
    const { page, text, errors } = await openBoard(browser, `${product.service.url}/?tenant=nobody`)
    expect(await text('#welcome')).toContain('There is no tenant “nobody”')
    expect(await page.locator('#welcome a').allInnerTexts()).toEqual(['acme', 'other'])
    expect(errors).toEqual([])
  })

  test('goes grey and says so when the server cannot be reached, and comes back', async () => {
    const { page, text } = await openBoard(browser, `${product.service.url}/?tenant=acme`)
    await page.route('**/v1/**', (route) => route.abort())
    await expect
      .poll(() => text('#banner'), soon)
      .toMatch(/^The server cannot be reached. Values are as of \d\d:\d\d:\d\d; trying again.$/)
    expect(await text('#connection')).toBe('No connection')
    expect(await page.evaluate(filterOfBoard)).toContain('grayscale')
    await page.unroute('**/v1/**')
    await expect.poll(() => text('#connection'), soon).toContain('Live')
    expect(await page.locator('#banner').isVisible()).toBe(false)
  })
})

/** The API on a store that is written by hand, on a port of its own. */
async function served(
  options: FloorOptions = {},
): Promise<{ readonly api: Api; readonly url: string }> {
  const api = await openApi({ ...options, real: true })
  return { api, url: await api.http.listen({ host: '127.0.0.1', port: 0 }) }
}

const slices = (queue: string): string[] => [
  'all',
  `queue=${queue}`,
  'class=live',
  `queue=${queue},class=live`,
]

function fill({ floor }: Api): void {
  const { due, within } = thresholdMeasures(30)
  for (const ms of [36_000, 35_000]) floor.duration(measures.replyTime, slices('billing'), ms)
  floor.count(due, slices('billing'), 10)
  floor.count(within, slices('billing'), 7)
  floor.count(measures.contactOpened, slices('billing'), 1_200)
  floor.count(measures.contactOpened, slices('returns'), 34)
  const waits = (contactId: string, queue: string, ms: number): void => {
    const row = {
      contactId,
      dueAtMs: (floor.nowMs() - ms + 30_000) as EpochMs,
      first: true,
      queue,
      channel: 'chat',
    }
    floor.open('reply.live', slices(queue), row, floor.nowMs() - ms)
  }
  waits('late', 'billing', 95_000)
  waits('early', 'returns', 5_000)
  floor.open(
    'agent.available',
    ['all'],
    { agentId: '1', contacts: 0, capacity: null, queues: [] },
    floor.nowMs() - 60_000,
  )
}

describe.skipIf(path === null)('a value on the wallboard', () => {
  test('is judged in a word and a shape, not in colour alone', async () => {
    const { api, url } = await served()
    fill(api)
    await api.floor.commit()
    const { page, tile, text, errors } = await openBoard(browser, url)
    expect(await tile('waiting')).toContain('Waiting now 1 over limit 2')
    expect(await tile('response')).toBe(
      'Average response Off target 35.5 s target ≤ 30 s · 2 replies',
    )
    expect(await tile('within')).toBe('Answered in 30 s Off target 70 % target ≥ 80 % · 7 of 10')
    expect(await page.locator('#tile-within use').getAttribute('href')).toBe('#shape-breach')
    expect(await tile('today')).toBe('Contacts today 1,234 0 handled')
    expect(await text('#queue-rows tr:nth-child(1)')).toMatch(
      /^billing 1 1:\d\d 35.5 s 70 % 1,200$/,
    )
    expect(await text('#queue-rows tr:nth-child(2)')).toMatch(/^returns 1 0:\d\d – – 34$/)
    expect(
      await page
        .locator('#queue-rows td[data-status=breach] svg')
        .first()
        .getAttribute('aria-label'),
    ).toBe('1 over limit')
    expect(await text('#spoken')).toContain('Answered in 30 s: Off target')
    expect(errors).toEqual([])
  })

  test('that is late is grey, stands still, and is said to be late', async () => {
    const { api, url } = await served()
    fill(api)
    await api.floor.commit(60_000)
    const { page, text, tile } = await openBoard(browser, url)
    expect(await text('#banner')).toMatch(/^Data is late: values are as of \d\d:\d\d:\d\d.$/)
    expect(await text('#connection')).toBe('Stale')
    expect(await page.evaluate(filterOfBoard)).toContain('grayscale')
    expect(await tile('longest')).toContain('1:35')
  })

  test('of a tenant that keeps fewer slices is that of all', async () => {
    const { api, url } = await served({
      config: { slices: { dimensions: [], pairs: [], values: {} }, thresholdsSeconds: [45] },
    })
    api.floor.duration(measures.replyTime, ['all'], 12_000)
    api.floor.count(measures.replyDue, ['all'], 4)
    api.floor.count(measures.replyDueWithin, ['all'], 4)
    await api.floor.commit()
    const { page, tile } = await openBoard(browser, url)
    expect(await tile('response')).toBe('Average response 12 s 1 reply')
    expect(await tile('within')).toContain('Answered in time On target 100 %')
    expect(await page.locator('#queues').isVisible()).toBe(false)
  })

  test('that the server cannot read is said to be out of its reach, from the first look on', async () => {
    const { api, url } = await served()
    await api.floor.commit()
    const away = (route: Route): Promise<void> =>
      route.fulfill({ status: 503, json: { code: 'store-unavailable' } })
    const { text } = await openBoard(browser, `${url}/?tenant=acme`, {
      prepare: (page) => page.route('**/v1/**', away),
    })
    expect(await text('#banner')).toBe('The server has no access to its data; trying again.')
  })

  test('can be read where there is little room: nothing is wider than a phone', async () => {
    const { api, url } = await served()
    fill(api)
    await api.floor.commit()
    const { page } = await openBoard(browser, url, { viewport: { width: 390, height: 844 } })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  })
})

test.skipIf(path === null)(
  'without a tenant the page says how to send the first event, and all of that can be read with the keys alone',
  async () => {
    const floorless = await openApi({ real: true })
    const url = await floorless.http.listen({ host: '127.0.0.1', port: 0 })
    const { page, text, errors } = await openBoard(browser, url)
    expect(await text('#welcome')).toContain('No data yet')
    expect(await text('#welcome-code')).toContain(`curl ${url}/v1/tenants/acme/events`)
    expect(errors).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await page.locator('#welcome-code').getAttribute('tabindex')).toBe('0') // Some browsers put no focus on what can be scrolled.
    await page.keyboard.press('Tab') // To the language,
    await page.keyboard.press('Tab') // then to the command, which is wider than a phone: the arrow keys scroll it.
    await page.keyboard.press('ArrowRight')
    await expect
      .poll(() => page.evaluate(`document.getElementById('welcome-code').scrollLeft`), soon)
      .toBeGreaterThan(0)
  },
)
