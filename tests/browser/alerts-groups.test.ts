import axe from 'axe-core'
import type { EpochMs } from '@deskpulse/core/time'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { World } from '../../services/alerter/src/http/testing/world.ts'
import { ago, showAlerts } from './alerts-page.ts'
import { browserPath, launchBrowser } from './browser.ts'

const path = browserPath()
const soon = { interval: 50 }
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

const isOpen = `document.querySelector('details.group').open`

/** So many customers who wait in one queue; the first the longest. */
async function crowd(world: World, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1)
    await world.transition({ contactId: `c-${n}`, startedMs: ago(90 - n), sinceMs: ago(120 - n) })
}

describe.skipIf(path === null)('alerts of one rule and queue', () => {
  test('are one head: rule, queue, how many, since when the oldest; one alert alone has none', async () => {
    const { page, text } = await showAlerts(browser, {}, '', async (world) => {
      await crowd(world, 41)
      await world.transition({ contactId: 'c-x', slice: 'queue=returns' })
      await world.transition({ contactId: 'c-y', rule: 'other' })
    })
    await expect.poll(() => page.locator('details.group').count(), soon).toBe(1)
    expect(await text('details.group summary')).toMatch(
      /^Warning Customer waiting · queue billing 41 2:0\d 41 alerts · oldest since \d\d:\d\d:\d\d$/,
    )
    expect(await page.locator('.list > ul > li').count()).toBe(3)
    expect(await page.locator('a.card:visible').count()).toBe(2)
  })

  test('open by the keyboard, and stay open while alerts come and go', async () => {
    const { page, world } = await showAlerts(browser, {}, '', (one) => crowd(one, 3))
    await expect.poll(() => page.locator('details.group').count(), soon).toBe(1)
    await page.locator('details.group summary').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.group a.card:visible').count(), soon).toBe(3)
    expect(await page.locator('.group a.card').first().innerText()).toMatch(
      /chat\s+2:0\d\s+c-0 · Limit 30 s · Since/,
    )
    await world.transition({ contactId: 'c-3' })
    await expect.poll(() => page.locator('.group a.card:visible').count(), soon).toBe(4)
    expect(await page.evaluate(`document.activeElement.tagName`)).toBe('SUMMARY')
    await page.getByRole('link', { name: 'Silences' }).click()
    await page.getByRole('link', { name: 'Firing' }).click()
    await expect.poll(() => page.evaluate(isOpen), soon).toBe(true)
  })

  test('are open where one of them is shown, which has the focus again when it is closed', async () => {
    const { page } = await showAlerts(browser, {}, '', (world) => crowd(world, 3))
    await page.locator('details.group summary').click()
    await page.locator('a.card').nth(1).click()
    await expect.poll(() => page.locator('#detail-title').count(), soon).toBe(1)
    await page.reload()
    await expect.poll(() => page.evaluate(isOpen), soon).toBe(true)
    await expect.poll(() => page.locator('#detail-title').count(), soon).toBe(1)
    await page.keyboard.press('Escape')
    await expect
      .poll(() => page.evaluate(`document.activeElement.matches('.group a.card')`), soon)
      .toBe(true)
  })

  test('say how many of them need nobody now', async () => {
    const { page, world, text } = await showAlerts(browser, {}, '', (one) => crowd(one, 3))
    await expect.poll(() => page.locator('details.group').count(), soon).toBe(1)
    const { rows } = await world.json<{ rows: { alertId: string }[] }>(
      '/v1/tenants/acme/alerts?limit=1',
    )
    await world.ask('POST', `/v1/tenants/acme/alerts/${rows[0]!.alertId}/acknowledge`, {
      author: 'Li',
    })
    await expect
      .poll(() => text('details.group summary'), soon)
      .toContain('1 acknowledged or silenced')
  })
})

describe.skipIf(path === null)('the history', () => {
  const at = (minute: number) => new Date(2026, 2, 2, 9, minute).getTime() as EpochMs

  async function ended(world: World): Promise<void> {
    const over = async (contactId: string, rule: string, queue: string, minute: number) => {
      const about = {
        contactId,
        rule,
        slice: `queue=${queue}`,
        sinceMs: at(minute),
        startedMs: at(minute),
      }
      await world.transition(about)
      await world.transition({ ...about, status: 'resolved', endedMs: at(minute + 2), end: 'over' })
    }
    await over('c-1', 'customer-waiting', 'billing', 0)
    await over('c-2', 'customer-waiting', 'returns', 10)
    await over('c-3', 'long-wait', 'billing', 20)
  }

  test('is filtered by rule, queue and time; a link holds the filter, and one goes back to what was before', async () => {
    const { page, text } = await showAlerts(browser, {}, '&view=history', ended)
    const cards = () => page.locator('a.card').allInnerTexts()
    const shows = (...ids: string[]) =>
      expect
        .poll(async () => (await cards()).map((card) => /c-\d/.exec(card)?.[0]), soon)
        .toEqual(ids)
    await shows('c-3', 'c-2', 'c-1')
    const form = page.getByRole('search', { name: 'Filter' })
    await form.getByLabel('Queue').fill('billing')
    await form.getByRole('button', { name: 'Apply' }).click()
    await shows('c-3', 'c-1')
    await form.getByLabel('Rule').selectOption({ label: 'Customer waiting' })
    await form.getByLabel('Queue').press('Enter')
    await shows('c-1')
    expect(new URL(page.url()).searchParams.get('queue')).toBe('billing')
    await page.goBack()
    await shows('c-3', 'c-1')
    await form.getByRole('button', { name: 'Clear' }).click()
    await shows('c-3', 'c-2', 'c-1')
    await form.getByLabel('From', { exact: true }).fill('2026-03-02T09:05')
    await form.getByLabel('To', { exact: true }).fill('2026-03-02T09:15')
    await form.getByRole('button', { name: 'Apply' }).click()
    await shows('c-2')
    await page.reload()
    await shows('c-2')
    expect(await form.getByLabel('From', { exact: true }).inputValue()).toBe('2026-03-02T09:05')
    await form.getByLabel('Queue').fill('nowhere')
    await form.getByRole('button', { name: 'Apply' }).click()
    await expect.poll(() => text('#main'), soon).toContain('No alert matches the filter')
  })
})

describe.skipIf(path === null)('a dry run', () => {
  test('counts first what would have notified somebody, and late and retracted ones for themselves', async () => {
    const { page } = await showAlerts(browser, {}, '&view=rules')
    const found = {
      subject: 'contact/c-9',
      startedAt: '2026-03-02T01:00:00Z',
      endedAt: null,
      value: 31_000,
      late: true,
      retracted: true,
    }
    const answer = {
      from: '2026-03-01T01:00:00Z',
      to: '2026-03-02T01:00:00Z',
      entries: 9,
      count: 478,
      notified: 12,
      notes: [],
      alerts: [found],
    }
    await page.route('**/dry-run', (route) => route.fulfill({ json: answer }))
    const card = page.locator('article', {
      has: page.getByRole('heading', { name: 'Customer waiting' }),
    })
    await card.locator('summary').click()
    await card.getByRole('button', { name: 'Dry run on the past' }).click()
    await expect
      .poll(() => card.locator('strong').innerText(), soon)
      .toBe('It would have fired 12 times')
    expect(await card.innerText()).toContain('and 466 times late or retracted, not notified')
    expect(await card.innerText()).toContain('contact c-9 · 31 s · Detected late, Retracted')
  })
})

describe.skipIf(path === null)('in Chinese the page', () => {
  test('speaks as people of the trade do, without blanks between words', async () => {
    const { page, url } = await showAlerts(browser, {}, '', async (world) => {
      await world.transition({ agentId: 'a-7' })
      const about = { contactId: 'c-2', sinceMs: ago(90), startedMs: ago(60) }
      await world.transition(about)
      await world.transition({ ...about, status: 'resolved', endedMs: ago(60), end: 'retracted' })
    })
    const shows = async (view: string, ...texts: string[]) => {
      await page.goto(`${url}/alerts?tenant=acme&lang=zh&view=${view}`)
      for (const one of texts)
        await expect.poll(() => page.locator('#main').innerText(), soon).toContain(one)
    }
    await shows('alerts', '客户等待超时 · 队列 billing · 聊天 · 坐席 a-7')
    await shows('history', '已撤销')
    await page.locator('a.card').click()
    await expect
      .poll(() => page.locator('.detail').innerText(), soon)
      .toContain('已撤销 · 客户已按时得到回复，该回复的数据到达较晚')
    for (const one of ['时间线', '事件开始', '会话 c-2'])
      expect(await page.locator('.detail').innerText()).toContain(one)
    await shows(
      'rules',
      ...[
        '客户等待超过 30 秒（在线会话、语音）',
        '平均响应时间高于 30 秒',
        '每 10 分钟重复通知',
        '持续 30 分钟',
        '内置规则',
        '在线会话 · 最近 5 分钟',
        '全部 · 今日',
      ],
    )
    expect(await page.locator('#main').innerText()).not.toMatch(
      /\p{Script=Han} \p{Script=Han}|class=|queue=/u,
    )
  })
})

describe.skipIf(path === null)('for those who see little or nothing', () => {
  test.each([
    { width: 1_920, height: 1_080 },
    { width: 390, height: 844 },
  ])('axe finds no fault in any view at $width × $height', async (viewport) => {
    const { page, url } = await showAlerts(
      browser,
      { alerts: { endpoints: [] } },
      '',
      async (world) => {
        await crowd(world, 3)
        await world.transition({
          contactId: 'over',
          status: 'resolved',
          endedMs: ago(1),
          end: 'over',
        })
      },
    )
    await page.setViewportSize(viewport)
    await page.locator('details.group summary').click()
    await page.locator('a.card').first().click()
    await expect.poll(() => page.locator('#detail-title').count(), soon).toBe(1)
    const places = [
      page.url(),
      ...['alerts', 'history', 'silences', 'rules', 'endpoints'].map(
        (view) => `${url}/alerts?tenant=acme&view=${view}`,
      ),
    ]
    for (const place of places) {
      await page.goto(place)
      await expect.poll(() => page.locator('#main').innerText(), soon).not.toBe('')
      await page.evaluate(axe.source)
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
      expect(
        violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
        place,
      ).toEqual([])
    }
  })
})
