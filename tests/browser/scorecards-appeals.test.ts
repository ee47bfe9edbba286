import { defaultCard } from '@deskpulse/core/config'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Embedded, startEmbedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { type Board, type BoardOptions, browserPath, launchBrowser, openBoard } from './browser.ts'
import { card, scoredTenant, showCards } from './scorecards-page.ts'

const path = browserPath()
const soon = { interval: 50, timeout: 10_000 }
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

/** Six tenths for satisfaction, four for quality: an agent of whom one of two was satisfied, with reviews of 80 and 40, has 54. */
const scoreCards = [
  {
    id: 'service',
    name: { en: 'Service', zh: '服务' },
    kpis: [
      { kpi: 'csat', weight: 60, points: [[0, 0], [1, 100]] }, // prettier-ignore
      { kpi: 'qa_score', weight: 40, points: [[0, 0], [100, 100]] }, // prettier-ignore
    ],
  },
]

const hostile = '<img src=x onerror="document.title=1"> 支付通道故障'

function workOf(agentId: string): object[] {
  const of = (type: string, data: object) => eventOf('acme', type, { agentId, ...data })
  const rated = (contactId: string, score: number) => [
    eventOf('acme', 'contact.opened', { contactId, channel: 'chat', queue: 'billing' }),
    eventOf('acme', 'message.sent', { contactId, from: 'customer' }),
    of('message.sent', { contactId, from: 'agent' }),
    of('survey.answered', { contactId, kind: 'csat', score, scaleMin: 1, scaleMax: 5 }),
  ]
  const reviewed = (reviewId: string, score: number) =>
    of('quality.reviewed', { reviewId, kind: 'call', score })
  return [
    ...[...rated(`${agentId}-good`, 5), ...rated(`${agentId}-bad`, 1)],
    ...[reviewed(`${agentId}-high`, 80), reviewed(`${agentId}-low`, 40)],
  ]
}

describe.skipIf(path === null)('appeals on the card of an agent', () => {
  let product: Embedded
  beforeAll(async () => {
    product = await startEmbedded({ tenants: { acme: { scoreCards } } })
  })
  afterAll(() => product?.[Symbol.asyncDispose]())

  /** The card of an agent of its own, with what was counted. */
  async function cardOf(
    agent: string,
    { lang = 'en', ...options }: BoardOptions & { readonly lang?: string } = {},
  ): Promise<Board> {
    await product.client.send('acme', workOf(agent))
    await product.client.caughtUp('acme')
    const address = `${product.service.url}/scorecards?tenant=acme&lang=${lang}&agent=${agent}`
    const board = await openBoard(browser, address, options)
    onTestFinished(() => board.page.context().close())
    await expect.poll(() => board.text('.grand'), soon).toMatch(/^54/)
    return board
  }

  const pick = async (page: Page, kpi: string, item: string): Promise<void> => {
    await page.locator(`.figure[data-kpi="${kpi}"]`).click()
    await page.locator('.list tr', { hasText: item }).locator('.pick').click()
  }
  const file = async (page: Page, reason: string, name = 'Li Wei'): Promise<void> => {
    await page.getByLabel('Reason').fill(reason)
    await page.locator('.draft').getByLabel('Your name').fill(name)
    await page.getByRole('button', { name: 'File the appeal' }).click()
  }
  const first = '.appeal-list > li:first-child'

  test('are filed for rows of several values, granted in part, and leave that out of the figures', async () => {
    const { page, text, errors } = await cardOf('a-1')
    await pick(page, 'csat', 'a-1-bad')
    await pick(page, 'qa_score', 'a-1-low')
    expect(await text('.draft .chips')).toBe('Contact a-1-bad✕ Quality review a-1-low✕')
    await file(page, hostile)
    await expect.poll(() => text(`${first} .mark`), soon).toBe('Open')
    expect(await text(first)).toContain(`filed by Li Wei`)
    expect(await text(`${first} .said`)).toBe(hostile)
    expect(await page.locator('.draft').count()).toBe(0)
    expect(await text('.grand')).toMatch(/^54/)

    await page.getByText('Decide', { exact: true }).click()
    await page.getByLabel('Quality review a-1-low').uncheck()
    await page.getByLabel('Note').fill('The incident is known.')
    await page.locator('.decide').getByLabel('Your name').fill('lead-1')
    await page.getByRole('button', { name: 'Grant what is ticked' }).click()
    await expect.poll(() => text(`${first} .mark`), soon).toBe('Granted in part')
    await expect.poll(() => text('.grand'), soon).toMatch(/^84/)
    expect(await text(`${first} .chips`)).toBe(
      'Contact a-1-bad · left out Quality review a-1-low · counts',
    )
    expect(await text(first)).toMatch(/Decided by lead-1, .* The incident is known\./)
    expect(await text('.items tbody tr:first-child')).toContain('1 ÷ 1')

    expect(await page.locator('button.left-out').allInnerTexts()).toEqual([
      expect.stringContaining('some left out'),
    ])
    await page.locator('button.left-out[data-kpi="csat"]').click()
    await expect.poll(() => text('.rows'), soon).toContain('1 row: 0 of 1')
    expect(await text('#rows-title')).toBe('Left out of Customer satisfaction by appeals')
    expect(await text('.list tbody')).toContain('a-1-bad')
    expect(await page.locator('.list .pick').count()).toBe(0)
    await page.keyboard.press('Escape')
    expect(await page.evaluate('document.activeElement.className')).toBe('left-out')
    await page.locator('.figure[data-kpi="csat"]').click()
    await expect
      .poll(() => text('.rows'), soon)
      .toContain('2 rows: 1 of 2 · what appeals leave out is among them')
    const bad = page.locator('.list tbody tr', { hasText: 'a-1-bad' })
    expect(await bad.locator('td').first().innerText()).toBe('left out')
    expect(await page.locator('.list .pick').count()).toBe(1)
    expect(await page.title()).toContain('a-1')
    expect(errors).toEqual([])
  })

  test('of a KPI as a whole say that it gives no points, and refused ones change nothing', async () => {
    const { page, text } = await cardOf('a-2')
    await page.locator('.figure[data-kpi="csat"]').click()
    await page.getByRole('button', { name: /Appeal the whole KPI/ }).click()
    await file(page, 'Nobody could be satisfied.')
    const open = page.locator('.decide').first()
    await open.locator('summary').click()
    await open.getByRole('button', { name: 'Refuse' }).click()
    await expect.poll(() => text(`${first} .mark`), soon).toBe('Refused')
    expect(await text('.grand')).toMatch(/^54/)
    await open.locator('summary').click()
    await open.getByLabel('Customer satisfaction').uncheck()
    await open.getByRole('button', { name: 'Grant' }).click()
    expect(await text('.decide [role="alert"]')).toContain('Nothing is ticked.')
    await open.getByLabel('Customer satisfaction').check()
    await open.getByRole('button', { name: 'Grant' }).click()
    await expect.poll(() => text(`${first} .mark`), soon).toBe('Granted')
    await expect.poll(() => text('.grand'), soon).toMatch(/^60/)
    expect(await text('.items tbody tr:first-child')).toContain('left out by an appeal')
    expect(await text('#main')).toContain('A weight of 60 has no points (Customer satisfaction).')
  })

  test('are written by the keyboard alone, and the name is remembered', async () => {
    const { page, text } = await cardOf('a-3')
    await page.locator('.figure[data-kpi="csat"]').press('Enter')
    const button = page.locator('.list .pick').first()
    await button.press('Enter')
    expect(await button.getAttribute('aria-pressed')).toBe('true')
    expect(await text('#spoken')).toBe('Picked for an appeal: 1')
    await page.locator('.draft .let-go').press('Enter')
    expect(await page.getByRole('button', { name: 'File the appeal' }).isDisabled()).toBe(true)
    await button.press('Enter')
    await page.getByLabel('Reason').pressSequentially('Not mine.')
    await page.locator('.draft').getByLabel('Your name').fill('Chen Yu')
    await page.keyboard.press('Enter')
    await expect.poll(() => text(`${first} .mark`), soon).toBe('Open')
    expect(await page.evaluate('document.activeElement.id')).toBe('appeals-title')
    await page.reload()
    await page.locator(first).waitFor()
    await page.locator('.decide summary').press('Enter')
    expect(await page.locator('.decide').getByLabel('Your name').inputValue()).toBe('Chen Yu')
  })

  test('that are open are marked in the table, and listed for the tenant, where they are decided too', async () => {
    const { page, text } = await cardOf('a-4')
    await pick(page, 'csat', 'a-4-bad')
    await file(page, 'Not mine.')
    await expect.poll(() => text(`${first} .mark`), soon).toBe('Open')
    await page.getByRole('link', { name: 'All agents' }).click()
    const row = page.locator('.team tbody tr', { hasText: 'a-4' })
    await expect.poll(() => row.innerText(), soon).toContain('1 appeal open')
    await page.getByRole('link', { name: 'Open appeals' }).click()
    const mine = page.locator('.appeal-list > li', { hasText: 'a-4' })
    await mine.waitFor()
    await mine.locator('summary').click()
    await mine.getByRole('button', { name: 'Refuse' }).click()
    await expect.poll(() => mine.count(), soon).toBe(0)
    expect(await page.evaluate('document.activeElement.id')).toBe('open-title')
    await page.reload()
    await expect.poll(() => text('#open-title'), soon).toBe('Open appeals')
    await page.goBack()
    await expect.poll(() => row.count(), soon).toBe(1)
  })

  test('about what is not known, or not any more, say so', async () => {
    const { page, text } = await cardOf('a-5')
    const now = new Date().toISOString()
    await product.client.send('acme', [
      eventOf('acme', 'appeal.filed', {
        ...{ appealId: 'late', agentId: 'a-5', contactIds: ['long-gone'], reason: 'Too late.' },
        period: { start: now.slice(0, 10), end: now.slice(0, 10) },
      }),
    ])
    await product.client.caughtUp('acme')
    await page.reload()
    await expect.poll(() => text(`${first} .chips`), soon).toBe('Contact long-gone · not known')
  })

  test.each([
    { lang: 'en', width: 1_600 },
    { lang: 'zh', width: 400 },
  ])(
    'have no fault that axe finds, and print on one page: $lang, $width',
    async ({ lang, width }) => {
      const agent = `b-${lang}`
      const { page } = await cardOf(agent, { lang, viewport: { width, height: 900 } })
      await page.locator('.figure[data-kpi="csat"]').click()
      await page.locator('.rows .pick').nth(1).click()
      await page.locator('.draft textarea').fill(hostile)
      await page.locator('.draft input').fill('Li Wei')
      expect(await faultsOf(page)).toEqual([])
      await page.locator('.draft [type="submit"]').click()
      await page.locator('.decide summary').click()
      expect(await faultsOf(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
      expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
      await page.emulateMedia({ media: 'print' })
      expect(await page.locator('.appeal-list > li').isVisible()).toBe(true)
      expect(await page.locator('form:visible').count()).toBe(0)
    },
  )
})

describe.skipIf(path === null)('where ingest is at another address', () => {
  test('an appeal that cannot be sent stays as it was written, and the page says why', async () => {
    const { page, text } = await showCards(browser, '&agent=Li+Wei')
    await page.locator('.figure').first().click()
    await page.getByRole('button', { name: /Appeal the whole KPI/ }).click()
    await page.getByLabel('Reason').fill('The line was down.')
    await page.getByLabel('Your name').fill('Li Wei')
    await page.getByRole('button', { name: 'File the appeal' }).click()
    await expect.poll(() => text('.draft [role="alert"]'), soon).toContain('takes no appeals')
    expect(await page.getByLabel('Reason').inputValue()).toBe('The line was down.')
    await page.route('**/appeals', (route) => route.abort())
    await page.getByRole('button', { name: 'File the appeal' }).click()
    await expect.poll(() => text('.draft [role="alert"]'), soon).toContain('No answer came.')
  })
})

describe.skipIf(path === null)('what can be picked', () => {
  const row = (subjectKind: string, subjectId: string, cells = {}) => ({
    row: { subjectKind, subjectId, ...cells },
    open: null,
  })
  const going = (open: object) => ({ row: null, open })

  test('is what an appeal can leave out: contacts, also by what their customers did after, and scores', async () => {
    const { page } = await showCards(browser)
    const rows = [
      row('contact', 'c-1'),
      row('customer', 'u-1', { contactId: 'c-2' }),
      row('complaint', 'k-1'),
      row('assessment', 's-1'),
      going({ kind: 'backlog', since: '', contactId: 'c-3' }),
      row('customer', 'u-1'),
      row('agent', 'a-1', { contactId: 'c-4' }),
      row('order', 'o-1'),
      going({ kind: 'agent.away', since: '', agentId: 'a-1' }),
    ]
    const picked = await page.evaluate(
      `import('/scorecards/assets/appeal-items.js').then(({ itemOfRow }) => ${JSON.stringify(rows)}.map(itemOfRow))`,
    )
    expect(picked).toEqual([
      { kind: 'contact', id: 'c-1' },
      { kind: 'contact', id: 'c-2' },
      { kind: 'complaint', id: 'k-1' },
      { kind: 'assessment', id: 's-1' },
      { kind: 'contact', id: 'c-3' },
      ...[null, null, null, null],
    ])
  })
})

describe.skipIf(path === null)('many long appeals', () => {
  const long = { ...defaultCard, id: 'service', items: [...defaultCard.items, ...card.items] }
  const appeals = Array.from({ length: 6 }, (_, n) => ({
    ...{ appealId: `ap-${n}`, agentId: 'Li Wei', state: 'refused', filedBy: null },
    period: { start: '2026-02-01', end: '2026-02-28' },
    ...{ reason: 'The line was down. '.repeat(50), note: 'It was not. '.repeat(80) },
    ...{ filedAt: '2026-03-01T00:00:00Z', decidedAt: '2026-03-02T00:00:00Z', decidedBy: 'lead' },
    contacts: Array.from({ length: 100 }, (_, c) => ({
      ...{ contactId: `c-${c}`, leftOut: false, kept: true },
    })),
    ...{ scores: [], kpis: [] },
  }))

  test.each(['en', 'zh'])('leave the card on one page of paper: %s', async (lang) => {
    const { page, url } = await showCards(browser, '', {
      api: await scoredTenant([long]),
      prepare: (page) =>
        page.route('**/agents/*', async (route) => {
          const response = await route.fetch()
          await route.fulfill({
            response,
            json: { ...((await response.json()) as object), appealsAbout: appeals },
          })
        }),
    })
    await page.goto(`${url}/scorecards?tenant=acme&period=2026-02&agent=Li+Wei&lang=${lang}`)
    await page.locator('.appeal-list').waitFor()
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.appeal-list > li:visible').count()).toBe(3)
  })
})

async function faultsOf(page: Page): Promise<unknown[]> {
  await page.evaluate(axe.source)
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
  return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
}
