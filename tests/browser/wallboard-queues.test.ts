import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answers, type AnsweredBoard, answersOf, boardOf, sinceAgo } from './answers.ts'
import { type BoardOptions, browserPath, launchBrowser } from './browser.ts'

const path = browserPath()
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

const soon = { interval: 50 }
const turnMs = 8_000
const names = Array.from({ length: 40 }, (_, n) => `queue ${n + 1}`)

/** Queues with contacts today. `waits`: since how many ms their longest wait runs, over its limit. */
function floorOf(queues: readonly string[], waits: Readonly<Record<string, number>> = {}): Answers {
  const slices = <Kpis>(of: (queue: string) => Kpis) =>
    Object.fromEntries(queues.map((queue) => [`queue=${encodeURIComponent(queue)}`, of(queue)]))
  const rows = slices((queue) => {
    const ms = waits[queue]
    if (ms === undefined) return { waiting_now: { value: 0 } }
    return {
      waiting_now: { value: 2 },
      waiting_over_target: { value: 1 },
      longest_wait: { value: ms, since: sinceAgo(ms) },
    }
  })
  return answersOf({
    live: {
      ...rows,
      'class=live': { response_time: { value: 20_512, count: 3, target: { max: 30_000 } } },
    },
    today: slices(() => ({ contacts_opened: { value: 5 } })),
  })
}

const shownNames = ({ page }: AnsweredBoard): Promise<string[]> =>
  page.locator('#queue-rows th').allInnerTexts()

/** A wall whose clock can be put forward. */
function wall(answers: Answers, options: BoardOptions = {}): Promise<AnsweredBoard> {
  return boardOf(browser, answers, { ...options, prepare: (page) => page.clock.install() })
}

describe.skipIf(path === null)('queues', () => {
  test('stand by name, with contacts of no queue last, and keep their place whoever waits', async () => {
    const board = await wall(floorOf(['none', 'billing', 'queue 10', 'queue 9']))
    const order = ['billing', 'queue 9', 'queue 10', 'No queue']
    expect(await shownNames(board)).toEqual(order)
    board.answer(
      floorOf(['none', 'billing', 'queue 10', 'queue 9'], { none: 95_000, 'queue 10': 40_000 }),
    )
    await expect
      .poll(() => board.text('#queue-rows tr:nth-child(3)'), soon)
      .toMatch(/^queue 10 2 0:4\d /)
    expect(await shownNames(board)).toEqual(order)
    expect(
      await board.page.locator('#queue-rows tr[data-status=breach] th').allInnerTexts(),
    ).toEqual(['queue 10', 'No queue'])
    expect(await board.page.locator('#queue-bar').isVisible()).toBe(false) // All are in sight.
  })

  test('past the limit of names stand together as other queues', async () => {
    const board = await wall(floorOf(['none', 'other', 'zeta']))
    expect(await shownNames(board)).toEqual(['zeta', 'Other queues', 'No queue'])
    await board.page.click('#language')
    expect(await shownNames(board)).toEqual(['zeta', '其他队列', '未分配队列'])
  })

  test('are said to be the first ones, where there are more than the answers have room for', async () => {
    const whole = floorOf(['a', 'b'])
    const board = await wall({
      ...whole,
      today: { 'queue=a': whole.today['queue=a']! },
      isCut: true,
    })
    expect(await shownNames(board)).toEqual(['a']) // Of the other one nothing is known of today.
    expect(await board.text('#footer')).toContain('Too many queues to show')
    board.answer(floorOf(['a', 'b', 'none']))
    await expect.poll(() => board.text('#footer'), soon).not.toContain('Too many')
    board.answer({ ...floorOf(['a', 'b', 'none']), isCut: true }) // Pairs of queue and class alone are left out.
    await expect.poll(() => shownNames(board), soon).toEqual(['a', 'b', 'No queue'])
    expect(await board.text('#footer')).not.toContain('Too many')
  })

  test('that a wall has no room for are on pages that turn by themselves until every queue was seen', async () => {
    const board = await wall(floorOf(names))
    const { page, text } = board
    const pages = Number((await text('#page-number')).split('/')[1])
    const seen: string[] = []
    for (let n = 1; n <= pages; n++) {
      await expect.poll(() => text('#page-number'), soon).toBe(`${n}/${pages}`)
      seen.push(...(await shownNames(board)))
      await page.clock.fastForward(turnMs)
    }
    await expect.poll(() => text('#page-number'), soon).toBe(`1/${pages}`)
    expect(seen).toEqual(names)
    expect(pages).toBeLessThanOrEqual(5)
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(1_080)
    expect(board.errors).toEqual([])
  })

  /** Neither the pointer nor the focus is in the table. */
  async function lookAway({ page }: AnsweredBoard): Promise<void> {
    await page.hover('h1')
    await page.focus('#language')
  }
  async function press(board: AnsweredBoard): Promise<void> {
    await board.page.click('#page')
    await lookAway(board)
  }

  test.each([
    {
      reason: 'someone points at them',
      stop: ({ page }: AnsweredBoard) => page.hover('#queue-rows tr:first-child'),
      go: lookAway,
    },
    {
      reason: 'the focus is in them',
      stop: ({ page }: AnsweredBoard) => page.focus('#page'),
      go: lookAway,
    },
    { reason: 'they were stopped', stop: press, go: press },
  ])('do not turn while $reason', async ({ stop, go }) => {
    const board = await wall(floorOf(names))
    await stop(board)
    await board.page.clock.fastForward(turnMs)
    await board.page.clock.fastForward(turnMs)
    expect(await board.text('#page-number')).toMatch(/^1\//)
    await go(board)
    await board.page.clock.fastForward(turnMs)
    await expect.poll(() => board.text('#page-number'), soon).toMatch(/^2\//)
  })

  test('are turned by the arrow keys, both ways and round', async () => {
    const { page, text } = await wall(floorOf(names))
    const [, pages] = (await text('#page-number')).split('/')
    await page.keyboard.press('ArrowRight')
    expect(await text('#page-number')).toBe(`2/${pages}`)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    expect(await text('#page-number')).toBe(`${pages}/${pages}`)
    expect(await page.locator('#page').getAttribute('aria-label')).toBe(
      `Page ${pages}/${pages}, stop turning`,
    )
  })

  test('stand still from the start for who wants no motion, and turn when asked to', async () => {
    const board = await wall(floorOf(names), { reducedMotion: 'reduce' })
    const { page, text } = board
    await page.clock.fastForward(turnMs)
    expect(await text('#page-number')).toMatch(/^1\//)
    await press(board)
    await page.clock.fastForward(turnMs)
    await expect.poll(() => text('#page-number'), soon).toMatch(/^2\//)
  })

  test('with customers over their limit are named on every page, the longest wait first', async () => {
    const board = await wall(floorOf(names))
    expect(await board.text('#over-limit')).toBe('All 40 queues within limit')
    board.answer(
      floorOf(names, {
        'queue 40': 95_000,
        'queue 2': 40_000,
        'queue 31': 50_000,
        'queue 33': 35_000,
      }),
    )
    await expect
      .poll(() => board.text('#queue-bar'), soon)
      .toMatch(/^Over limit queue 40 1 queue 31 1 queue 2 1 \+1 1\/\d$/)
    await board.page.getByRole('button', { name: '中文' }).click()
    expect(await board.text('#over-limit')).toBe('超时')
    expect(await board.page.locator('#over-more').getAttribute('title')).toBe('另有 1 个队列')
  })

  test('are all on a phone, which is scrolled', async () => {
    const board = await wall(floorOf(names), { viewport: { width: 390, height: 844 } })
    expect(await shownNames(board)).toEqual(names)
    expect(await board.page.locator('#queue-bar').isVisible()).toBe(false)
  })

  test('whose name is longer than its column have the whole name in the title', async () => {
    const name = 'returns of spare parts from abroad that were damaged on their way'
    const { page } = await wall(floorOf([name]))
    expect(await page.locator('#queue-rows th').getAttribute('title')).toBe(name)
  })
})
