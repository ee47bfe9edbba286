import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answers, answersOf, boardOf, sinceAgo } from './answers.ts'
import { browserPath, launchBrowser } from './browser.ts'

const path = browserPath()
const cutTexts = await readFile(new URL('cut.js', import.meta.url), 'utf8')
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

const sizes = [
  { width: 1_080, height: 1_920 },
  { width: 768, height: 1_024 },
  { width: 1_200, height: 1_600 },
  { width: 1_024, height: 768 },
  { width: 1_280, height: 720 },
  { width: 1_920, height: 1_080 },
  { width: 3_840, height: 2_160 },
  { width: 390, height: 844 },
]
const languages = ['en', 'zh'] as const
const names = ['billing', 'technical', 'none']
const forty = Array.from({ length: 40 }, (_, n) => `spare parts ${n + 1}`)
const dayMs = 86_399_000 // 23:59:59

const calls = {
  service_level_of_offered: {
    value: 0.799_6,
    status: 'warning' as const,
    numerator: 1_234_567,
    denominator: 1_543_981,
    target: { min: 0.8 },
  },
  speed_of_answer: {
    value: 7_190_400,
    status: 'breach' as const,
    count: 1_234_567,
    target: { max: 30_000 },
  },
}
const callsToday = {
  contacts_offered: { value: 1_234_567 },
  abandon_rate: {
    value: 0.050_04,
    status: 'warning' as const,
    numerator: 1_234_567,
    denominator: 24_671_602,
    target: { max: 0.05 },
  },
}

/** The same floor, with calls beside its chats, in each of its queues. */
function withCalls({ live, today }: Answers): Answers {
  const inQueues = (slices: Answers['live'], kpis: Answers['live'][string]): Answers['live'] =>
    Object.fromEntries(
      Object.entries(slices).map(([slice, known]) => [
        slice,
        /^queue=[^,]+$/.test(slice) ? { ...known, ...kpis } : known,
      ]),
    )
  return {
    live: { ...inQueues(live, calls), 'class=voice': calls },
    today: { ...inQueues(today, callsToday), 'class=voice': callsToday },
  }
}

/** The same floor without its chats. */
function withoutReplies({ live, today }: Answers): Answers {
  const others = (slices: Answers['live']): Answers['live'] =>
    Object.fromEntries(Object.entries(slices).filter(([slice]) => !slice.includes('class=live')))
  return { live: others(live), today: others(today) }
}

/** A busy floor: every figure as long as figures of its kind get. */
function longest(queues: readonly string[]): Answers {
  const within = {
    value: 0.799_6,
    status: 'warning' as const,
    numerator: 1_234_567,
    denominator: 1_543_981,
    target: { min: 0.8 },
  }
  const response = {
    value: 7_190_400,
    status: 'breach' as const,
    count: 1_234_567,
    target: { max: 30_000 },
  }
  const wait = {
    waiting_now: { value: 1_234_567 },
    waiting_over_target: { value: 1_234_567 },
    longest_wait: { value: dayMs, since: sinceAgo(dayMs) },
  }
  const replies = { response_time: response, answered_within_30s_of_due: within }
  const agents = {
    agents_by_state: { value: 12_345, breakdown: { offline: 0, available: 12_345 } },
    agents_available: { value: 12_345 },
  }
  const occupancy = {
    value: 0.880_04,
    status: 'warning' as const,
    target: { min: 0.75, max: 0.88 },
  }
  const today = { contacts_opened: { value: 1_234_567 }, contacts_handled: { value: 1_234_567 } }
  const each = (kpis: object, also: string = '') =>
    Object.fromEntries(queues.map((queue) => [`queue=${queue}${also}`, { ...kpis }]))
  return answersOf({
    live: {
      all: { ...wait, ...agents, occupancy },
      'class=live': replies,
      ...each(wait),
      ...each(replies, ',class=live'),
    },
    today: { all: today, 'class=live': replies, ...each(today) },
  })
}

const named = `(${JSON.stringify(['billing', 'technical', 'No queue', '未分配队列'])})`
const faults = (page: Page): Promise<string[]> => page.evaluate(`cutTexts${named}`)
const switchTo = (page: Page, language: 'en' | 'zh') =>
  page.getByRole('button', { name: language === 'zh' ? '中文' : 'English' }).click()

describe.skipIf(path === null)('at every size and in both languages', () => {
  test.each(sizes)(
    'no figure, label or name is cut or covered: $width × $height',
    async (viewport) => {
      const prepare = (page: Page) => page.addInitScript(cutTexts)
      const { page, tile, answer, errors } = await boardOf(browser, longest(names), {
        viewport,
        prepare,
      })
      for (const language of languages) {
        if (language === 'zh') await switchTo(page, language)
        expect(await tile('waiting')).toContain(' 1,234,567 ')
        expect(await tile('longest')).toMatch(/ 23:59:59 | 24:00:\d\d /)
        expect(await tile('within')).toContain('79.96 %')
        expect(await faults(page), language).toEqual([])
      }
      answer(longest(forty))
      await expect.poll(() => page.locator('#queue-rows tr').count()).toBeGreaterThan(names.length)
      expect(await faults(page), '40 queues').toEqual([])
      expect(errors).toEqual([])
    },
  )

  const floors = [
    {
      floor: 'chats and calls have',
      of: (queues: readonly string[]) => withCalls(longest(queues)),
    },
    {
      floor: 'calls alone have',
      of: (queues: readonly string[]) => withCalls(withoutReplies(longest(queues))),
    },
  ]
  test.each(floors.flatMap((floor) => sizes.map((size) => ({ ...floor, ...size }))))(
    'nor where $floor tiles and columns: $width × $height',
    async ({ of, width, height }) => {
      const { page, tile, answer, errors } = await boardOf(browser, of(names), {
        viewport: { width, height },
        prepare: (opened) => opened.addInitScript(cutTexts),
      })
      for (const language of languages) {
        if (language === 'zh') await switchTo(page, language)
        expect(await tile('level')).toContain('79.96 %')
        expect(await tile('abandoned')).toContain('5.004 %')
        expect(await page.locator('#queue-rows tr').first().innerText()).toContain('5.004 %')
        expect(await faults(page), language).toEqual([])
      }
      answer(of(forty))
      await expect.poll(() => page.locator('#queue-rows tr').count()).toBeGreaterThan(1)
      expect(await faults(page), '40 queues').toEqual([])
      expect(errors).toEqual([])
    },
  )
})

test.skipIf(path === null).each(sizes)(
  'the tenants to choose from have their place in one line of the head: $width × $height',
  async (viewport) => {
    const prepare = (page: Page) => page.addInitScript(cutTexts)
    const { page } = await boardOf(browser, longest(names), {
      viewport,
      prepare,
      tenants: ['company of some size', 'other'],
    })
    for (const language of languages) {
      if (language === 'zh') await switchTo(page, language)
      expect(await faults(page), language).toEqual([])
      const tops = await page.evaluate(
        `['#tenants', '#alerts', '#language'].map((part) => document.querySelector(part).getBoundingClientRect().top)`,
      )
      expect(new Set(tops as number[]).size).toBe(1)
    }
  },
)

describe.skipIf(path === null)('on a wall', () => {
  test('letters take the same share of the height on 4K as on 1080p', async () => {
    const { page } = await boardOf(browser, longest(names))
    const shares = (): Promise<number[]> =>
      page.evaluate(`['.tile h2', '.status', '.value', '.detail', '#queues td', '#clock', 'footer', 'button'].map((selector) =>
        parseFloat(getComputedStyle(document.querySelector(selector)).fontSize) / innerHeight)`)
    const small = await shares()
    await page.setViewportSize({ width: 3_840, height: 2_160 })
    const large = await shares()
    large.forEach((share, n) => expect(share / (small[n] ?? 0)).toBeCloseTo(1, 2))
  })
})
