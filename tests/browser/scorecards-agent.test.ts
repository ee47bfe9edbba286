import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultCard } from '@deskpulse/core/config'
import { measures } from '@deskpulse/core/kpis'
import { partText } from '@deskpulse/core/measures'
import { type Embedded, startEmbedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { browserPath, launchBrowser, openBoard } from './browser.ts'
import { card, namesIn, scoredTenant, showCards } from './scorecards-page.ts'

const path = browserPath()
const soon = { interval: 50 }
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

describe.skipIf(path === null)('the card of an agent', () => {
  test('has what the total is made of, what is missing, the course and the revisions', async () => {
    const { page, text, errors } = await showCards(browser)
    await page.getByRole('link', { name: 'Chen Yu' }).click()
    await expect.poll(() => text('.summary'), soon).toContain('86.3 of 100 Good')
    expect(await page.evaluate('document.activeElement.id')).toBe('agent-title')
    expect(await text('.summary')).toContain('Rank 2 of 3 in team night Top 3')
    expect(await text('.items tbody tr:nth-child(2)')).toBe(
      'Agent answer rate Weakest 80 % , Rows of Agent answer rate 8 ÷ 10 ≥ 90 % 80 30 30',
    )
    expect(await text('.items tbody tr:nth-child(3)')).toContain('nothing happened that it counts')
    expect(await text('#main')).toContain('A weight of 20 has no points (Quality score).')
    expect(await text('.revisions')).toContain('Revision 1')
    await page.goBack()
    await expect.poll(() => namesIn(page), soon).toHaveLength(6)
    expect(errors).toEqual([])
  })

  test('is opened by its address, and each revision says what it changed', async () => {
    const { page, text } = await showCards(browser, '&agent=Li+Wei')
    await expect
      .poll(() => text('.revisions'), soon)
      .toMatch(
        /Revision 2 .* 90 Excellent First contact resolution: 100 % → 90 % \(100 → 90 points\) Revision 1 .* 96\.3 Excellent As the period was closed\./,
      )
    await page.reload()
    await expect.poll(() => text('#agent-title'), soon).toBe('Li Wei')
    await page.getByRole('link', { name: 'All agents' }).click()
    await expect
      .poll(() => page.evaluate('document.activeElement.textContent'), soon)
      .toBe('Li Wei')
  })

  test('draws the course, with the same numbers for who listens', async () => {
    const { page } = await showCards(browser, '&agent=Li+Wei')
    await expect.poll(() => page.locator('#course-chart canvas').count(), soon).toBe(1)
    const cells = await page.locator('.course td').allTextContents()
    expect([cells.length, ...cells.slice(-2)]).toEqual([12, '96.3', '90'])
    await page.getByRole('button', { name: '中文' }).click()
    await expect
      .poll(() => page.locator('.course th').allTextContents(), soon)
      .toEqual(expect.arrayContaining(['周期', '26/02']))
    expect(await page.locator('#course-chart canvas').count()).toBe(1)
  })

  test('says what the agent sold beside its team, in both languages, and nothing where nobody sold anything', async () => {
    const api = await scoredTenant()
    const { contactAnswered, orderMoney } = measures
    for (const [agent, yuan] of [
      ['Li Wei', 300],
      ['Chen Yu', 100],
      ['Wang Fang', 0],
    ] as const) {
      // prettier-ignore
      const slices = [partText('agent', agent)]
      api.floor.count(contactAnswered, slices)
      if (yuan > 0) api.floor.money(orderMoney, slices, 'CNY', 100 * yuan)
    }
    await api.floor.commit()
    const { page, text, url, errors } = await showCards(browser, '', { api })
    const show = async (agent: string): Promise<void> => {
      await page.goto(`${url}/scorecards?tenant=acme&lang=en&period=2026-03&agent=${agent}`)
      await expect.poll(() => text('#agent-title'), soon).toBe(agent.replace('+', ' '))
    }
    await show('Li+Wei')
    expect(await text('.summary')).toContain('Sales index 1.5, 1 being the mean of 2 agents')
    await page.getByRole('button', { name: '中文' }).click()
    await expect
      .poll(() => text('.summary'), soon)
      .toContain('成交额转换率 1.5（2 名坐席的平均值为 1）')
    await show('Chen+Yu')
    expect(await text('.summary')).toContain('Sales index 0.5,')
    await show('Wang+Fang')
    expect(await text('.summary')).not.toContain('Sales index')
    expect(errors).toEqual([])
  })

  /** As many KPIs as the default card has, most of them without a value, which takes a second line of each. */
  const long = { ...defaultCard, id: 'service', items: [...defaultCard.items, ...card.items] }
  const papers = ['en', 'zh'].flatMap((lang) => [400, 1_600].map((width) => ({ lang, width })))

  test.each(papers)(
    'is one page of paper in $lang, also if it is long, from a screen of $width',
    async ({ lang, width }) => {
      const { page, url } = await showCards(browser, '', {
        api: await scoredTenant([long]),
        viewport: { width, height: 900 },
      })
      await page.goto(`${url}/scorecards?tenant=acme&period=2026-02&agent=Li+Wei&lang=${lang}`)
      await page.locator('.revisions').waitFor()
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
      expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
      await page.emulateMedia({ media: 'print' })
      expect(await page.locator('header').isVisible()).toBe(false)
      expect(await page.locator('.course table').isVisible()).toBe(true)
    },
  )

  test('is printed by its button', async () => {
    const { page } = await showCards(browser, '&agent=Li+Wei')
    await page.evaluate('globalThis.print = () => { document.body.dataset.printed = "yes" }')
    await page.getByRole('button', { name: 'Print' }).click()
    expect(await page.locator('body').getAttribute('data-printed')).toBe('yes')
  })
})

describe.skipIf(path === null)('the page', () => {
  test('speaks both languages, also in the names that the API gives', async () => {
    const { page, text } = await showCards(browser)
    await page.getByRole('button', { name: '中文' }).click()
    await expect.poll(() => text('.team thead'), soon).toContain('首次解决率')
    expect(await text('.team tbody tr:first-child')).toContain('优秀')
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
    expect(await page.title()).toBe('acme · 绩效卡')
    await page.getByRole('link', { name: '看板' }).click()
    await expect.poll(() => text('#scorecards'), soon).toBe('绩效卡')
    await page.getByRole('link', { name: '绩效卡' }).click()
    await expect.poll(() => namesIn(page), soon).not.toHaveLength(0)
    expect(page.url()).toMatch(/\/scorecards\?tenant=acme&lang=zh/)
  })

  test.each([
    { width: 1_600, height: 900 },
    { width: 400, height: 860 },
  ])('has no fault that axe finds, and is not wider than $width', async (viewport) => {
    const { page, url } = await showCards(browser, '', { viewport })
    for (const [place, there] of [
      ['', '.team'],
      ['&agent=Chen+Yu', '.revisions'],
      ['&card=none', '.empty'],
    ] as const) {
      await page.goto(`${url}/scorecards?tenant=acme&lang=en&period=2026-02${place}`)
      await page.locator(there).waitFor()
      if (place.includes('agent')) {
        await page.locator('.figure').first().click()
        await page.locator('#rows-title').waitFor()
      }
      expect(await faultsOf(page), place).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width)
    }
  })
})

async function faultsOf(page: Page): Promise<unknown[]> {
  await page.evaluate(axe.source)
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
  return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
}

describe.skipIf(path === null)('the rows behind a figure', () => {
  let product: Embedded
  beforeAll(async () => {
    product = await startEmbedded({ tenants: { acme: {} } })
    const of = (contactId: string, type: string, data: object) =>
      eventOf('acme', type, { contactId, ...data })
    for (let n = 1; n <= 25; n += 1)
      await product.client.send('acme', [
        of(`c-${n}`, 'contact.opened', { channel: 'chat', queue: 'billing', customerId: `u-${n}` }),
        of(`c-${n}`, 'message.sent', { from: 'customer' }),
        of(`c-${n}`, 'message.sent', { from: 'agent', agentId: 'a-1' }),
      ])
    await product.client.caughtUp('acme')
  })
  afterAll(() => product?.[Symbol.asyncDispose]())

  test('are opened by it, some at a time, and closed again', async () => {
    const address = `${product.service.url}/scorecards?tenant=acme&lang=en&agent=a-1`
    const { page, text, errors } = await openBoard(browser, address)
    const figure = page.locator('[data-kpi="first_response_time"]')
    await figure.click()
    await expect.poll(() => page.locator('.list tbody tr').count(), soon).toBe(20)
    expect(await text('#rows-title')).toBe('Rows behind First response time')
    expect(await figure.getAttribute('aria-expanded')).toBe('true')
    expect(await page.evaluate('document.activeElement.id')).toBe('rows-title')
    expect(await text('.list tbody tr:first-child')).toMatch(/Reply c-\d+ \S+ \S+ 0:0\d Details$/)
    await page.locator('.list summary').first().click()
    expect(await text('.list details[open] dl')).toContain('answeredAgent a-1')
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => page.locator('.list tbody tr').count(), soon).toBe(25)
    expect(await text('.rows')).toMatch(/25 rows: 25 times/)
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
    await page.keyboard.press('Escape')
    expect(await page.locator('.rows').count()).toBe(0)
    expect(await page.evaluate('document.activeElement.dataset.kpi')).toBe('first_response_time')
    expect(errors).toEqual([])
  })
})
