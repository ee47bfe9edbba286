import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApi } from '../../services/api/src/testing/server.ts'
import { browserPath, launchBrowser } from './browser.ts'
import { namesIn, scoredTenant, showCards } from './scorecards-page.ts'

const path = browserPath()
const soon = { interval: 50 }
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

describe.skipIf(path === null)('the table of a card and a period', () => {
  test('has a row for each agent: rank, total with its band in a word, points, and what is missing', async () => {
    const { page, text, errors } = await showCards(browser)
    await expect.poll(() => namesIn(page), soon).toHaveLength(6)
    expect(await text('.team thead')).toBe(
      'Rank Agent Team Total ▼ Standing Missing weight Lowest band in a row First contact resolution weight 50 Agent answer rate weight 30 Quality score weight 20',
    )
    const rows = page.locator('.team tbody tr')
    const said = async (n: number) => (await rows.nth(n).innerText()).replace(/\s+/g, ' ').trim()
    expect(await said(0)).toBe(
      '1 Li Wei night 90 Excellent Closed, revision 2 Provisional 20 0 90 90 –',
    )
    expect(await said(1)).toContain('Chen Yu night 86.3 Good')
    expect(await said(5)).toContain(
      'Zhao Min night 51.3 Needs improvement Closed, revision 1 Provisional 20 12 40 70 –',
    )
    expect(await rows.first().locator('svg[aria-label="Top 3"]').count()).toBe(1)
    expect(await rows.nth(5).locator('svg[aria-label="Weakest"]').count()).toBe(1)
    expect(await text('footer')).toBe('6 agents')
    expect(errors).toEqual([])
  })

  test('tells bands apart by their shapes, too', async () => {
    const { page } = await showCards(browser)
    await expect.poll(() => namesIn(page), soon).toHaveLength(6)
    const shapes = await page
      .locator('.team .total use')
      .evaluateAll((all) => all.map((use) => use.getAttribute('href')))
    expect(new Set(shapes)).toEqual(new Set(['#shape-best', '#shape-middle', '#shape-lowest']))
  })

  test('is sorted by every column, by the keyboard too, and says by which', async () => {
    const { page } = await showCards(browser)
    await expect.poll(() => namesIn(page), soon).toHaveLength(6)
    const sorted = () =>
      page
        .locator('.team thead [aria-sort]:not([aria-sort="none"])')
        .evaluateAll((all) =>
          all.map((cell) => [
            cell.textContent?.replace(/[▲▼]/, ''),
            cell.getAttribute('aria-sort'),
          ]),
        )
    expect(await sorted()).toEqual([['Total', 'descending']])
    await page.getByRole('button', { name: 'Agent', exact: true }).focus()
    await page.keyboard.press('Enter')
    expect(await namesIn(page)).toEqual([
      ...['agent-2', 'agent-10', 'Chen Yu', 'Li Wei', 'Wang Fang', 'Zhao Min'],
    ])
    expect(await sorted()).toEqual([['Agent', 'ascending']])
    await page.keyboard.press('Enter')
    expect((await namesIn(page))[0]).toBe('Zhao Min')
    const columns = page.locator('.team thead button')
    for (let n = 0; n < (await columns.count()); n += 1) {
      await columns.nth(n).click()
      expect(await sorted()).toHaveLength(1)
    }
    await page.getByRole('button', { name: /First contact resolution/ }).click()
    expect((await namesIn(page)).at(-1)).toBe('Zhao Min')
  })

  test('is of one team where one is chosen, which the address keeps', async () => {
    const { page, text } = await showCards(browser)
    await page.locator('#team-picker').selectOption('day')
    await expect.poll(() => namesIn(page), soon).toEqual(['agent-10', 'agent-2', 'Wang Fang'])
    expect(await text('footer')).toBe('3 agents')
    await page.reload()
    await expect.poll(() => namesIn(page), soon).toHaveLength(3)
    await page.goBack()
    await expect.poll(() => namesIn(page), soon).toHaveLength(6)
  })

  test('is of the period that is chosen: one before, one after, or any of two years', async () => {
    const { page, text } = await showCards(browser)
    await page.getByRole('button', { name: 'Previous period' }).click()
    await expect.poll(() => page.url(), soon).toContain('period=2026-01')
    await expect
      .poll(() => text('.team tbody tr:first-child'), soon)
      .toContain('Closed, revision 1')
    await page.getByRole('button', { name: 'Next period' }).click()
    await page.getByRole('button', { name: 'Next period' }).click()
    await expect.poll(() => page.url(), soon).toContain('period=2026-03')
    await expect
      .poll(() => text('.team tbody tr:first-child'), soon)
      .toMatch(/(Excellent|Good) Provisional /)
    expect(await page.getByRole('button', { name: 'Next period' }).isDisabled()).toBe(true)
    await page.locator('#period-picker').selectOption('2026-01')
    await expect.poll(() => text('.team caption'), soon).toContain('Service, January 2026')
  })

  test.each([
    { label: '2026-03', before: '2026-02', after: '2026-04' },
    { label: '2026-01', before: '2025-12', after: '2026-02' },
    { label: '2026-Q1', before: '2025-Q4', after: '2026-Q2' },
    { label: '2026-W01', before: '2025-W52', after: '2026-W02' },
    { label: '2026-W53', before: '2026-W52', after: '2027-W01' },
  ])('knows which periods stand beside $label', async ({ label, before, after }) => {
    const { page } = await showCards(browser)
    const shifted = (by: number) =>
      page.evaluate(
        `import('/scorecards/assets/periods.js').then(({ shifted }) => shifted('${label}', ${by}))`,
      )
    expect([await shifted(-1), await shifted(0), await shifted(1)]).toEqual([before, label, after])
  })

  test('is saved as CSV and as a workbook', async () => {
    const { page } = await showCards(browser)
    for (const [name, file] of [
      ['CSV', 'acme_service_2026-02.csv'],
      ['Excel (XLSX)', 'acme_service_2026-02.xlsx'],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name }).click(),
      ])
      expect(download.suggestedFilename()).toBe(file)
    }
  })
})

describe.skipIf(path === null)('where there are no scores', () => {
  const empty = async (text: (selector: string) => Promise<string>, title: string) =>
    expect.poll(() => text('#main'), soon).toContain(title)

  test('a tenant without a card is told what one is', async () => {
    const { text, errors } = await showCards(browser, '', { api: await scoredTenant([]) })
    await empty(text, 'No score card')
    expect(await text('#main')).toContain('scoreCards')
    expect(errors).toEqual([])
  })

  test('a card, a tenant and an agent that there are not are said to be so', async () => {
    const { page, text, url } = await showCards(browser, '&card=sales')
    await empty(text, 'No such card in this period')
    await page.goto(`${url}/scorecards?tenant=nobody&lang=en`)
    await empty(text, 'There is no such tenant')
    await page.getByRole('link', { name: 'acme' }).click()
    await expect.poll(() => namesIn(page), soon).not.toHaveLength(0)
    await page.goto(`${url}/scorecards?tenant=acme&lang=en&period=2026-02&agent=nobody`)
    await empty(text, 'No score of this agent')
    await page.getByRole('link', { name: 'All agents' }).click()
    await expect.poll(() => namesIn(page), soon).toHaveLength(6)
    await page.goto(`${url}/scorecards?tenant=acme&lang=en&period=2024-02`)
    await empty(text, 'No agents in this period')
  })

  test('an installation without a tenant says what begins one', async () => {
    const { page, text, url } = await showCards(browser, '', { api: await openApi() })
    await page.goto(`${url}/scorecards?lang=en`)
    await empty(text, 'No data yet')
  })

  test('a server that is away is said to be, and what was read stays, greyed', async () => {
    const { page, text } = await showCards(browser)
    await expect.poll(() => namesIn(page), soon).toHaveLength(6)
    await page.route('**/v1/**', (route) => route.abort())
    await page.getByRole('button', { name: '中文' }).click()
    await expect.poll(() => text('#notices'), soon).toContain('无法连接服务器')
    expect(await namesIn(page)).toHaveLength(6)
    expect(await page.locator('body').getAttribute('data-state')).toBe('unreachable')
  })

  test('data that is late is said to be', async () => {
    const api = await scoredTenant()
    api.floor.wait(3_600_000)
    const { text } = await showCards(browser, '', { api })
    await expect.poll(() => text('#notices'), soon).toMatch(/^Data is late: scores are as of Mar 2/)
  })
})
