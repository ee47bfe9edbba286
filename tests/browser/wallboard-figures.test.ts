import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answers, answersOf, boardOf, sinceAgo, type Value } from './answers.ts'
import { browserPath, launchBrowser } from './browser.ts'

const path = browserPath()
let browser: Browser
beforeAll(async () => {
  if (path !== null) browser = await launchBrowser(path)
})
afterAll(() => browser?.close())

const soon = { interval: 50 }
const within = (
  value: number,
  status: Value['status'],
  target: Value['target'] = { min: 0.8 },
): Value => ({
  value,
  status,
  target,
  numerator: 1,
  denominator: 1,
})
const agents = {
  agents_by_state: { value: 24, breakdown: { offline: 4, available: 15 } },
  agents_available: { value: 2 },
}
const occupancy = (value: number, status: Value['status']): Value => ({
  value,
  status,
  target: { min: 0.75, max: 0.88 },
})
const replies = {
  response_time: { value: 20_512, count: 3, target: { max: 30_000 } },
  answered_within_30s_of_due: within(0.9, 'ok'),
}

describe.skipIf(path === null)('a figure that misses its target', () => {
  test.each([
    {
      value: within(0.767, 'warning'),
      en: 'Slightly below 76.7 % target ≥ 80 %',
      zh: '略低于目标 76.7 % 目标 ≥ 80 %',
    },
    {
      value: within(0.7, 'breach'),
      en: 'Off target 70 % target ≥ 80 %',
      zh: '未达标 70 % 目标 ≥ 80 %',
    },
    { value: within(0.8, 'ok'), en: 'On target 80 % target ≥ 80 %', zh: '达标 80 % 目标 ≥ 80 %' },
    {
      value: within(0.25, 'warning', { max: 0.24 }),
      en: 'Slightly above 25 % target ≤ 24 %',
      zh: '略高于目标 25 % 目标 ≤ 24 %',
    },
  ])('says on which side and how far: $en', async ({ value, en, zh }) => {
    const { tile, page } = await boardOf(
      browser,
      answersOf({ live: { 'class=live': { ...replies, answered_within_30s_of_due: value } } }),
    )
    expect(await tile('within')).toContain(en)
    await page.getByRole('button', { name: '中文' }).click()
    expect(await tile('within')).toContain(zh)
  })

  test('has as many decimals as show the miss, and no more; its target has all', async () => {
    const { page } = await boardOf(browser, answersOf())
    const expected = {
      'percent(0.7996, { min: 0.8 })': '79.96 %',
      'percent(0.79996, { min: 0.8 })': '79.996 %',
      'percent(0.7999999, { min: 0.8 })': '79.999 %',
      'percent(0.8, { min: 0.8 })': '80 %',
      'percent(0.80002, { min: 0.8 })': '80 %',
      'percent(0.8804, { min: 0.75, max: 0.88 })': '88.04 %',
      'percent(0.88000001, { min: 0.75, max: 0.88 })': '88.001 %',
      'percent(0.8502, { min: 0.8503 })': '85 %',
      'percent(0.85031, { min: 0.8503 })': '85.03 %',
      'percent(0.7996)': '80 %',
      'duration(30040, en, { max: 30000 })': '30.04 s',
      'duration(30000.2, en, { max: 30000 })': '30.001 s',
      'duration(29960, en, { max: 30000 })': '30 s',
      'duration(125300, en, { max: 125000 })': '2:05.3 min',
      'duration(125300, en)': '2:05 min',
      'duration(7199600, en)': '2 h',
      'duration(7210000, en, { max: 7200000 })': '2.003 h',
      'target({ min: 0.8003 })': '≥ 80.03 %',
      'target({ min: 0.75, max: 0.88 })': '75–88 %',
    }
    const shown =
      await page.evaluate(`Promise.all([import('/wallboard/figures.js'), import('/wallboard/texts.js')]).then(([format, { texts }]) => {
      const { en } = texts
      const joined = ({ text, unit }) => text + ' ' + unit
      const percent = (...of) => joined(format.percent(...of))
      const duration = (...of) => joined(format.duration(...of))
      const target = (ends) => format.range(ends, format.percent)
      return {${Object.keys(expected)
        .map((call) => `${JSON.stringify(call)}: ${call}`)
        .join()}}
    })`)
    expect(shown).toEqual(expected)
  })
})

describe.skipIf(path === null)('the tiles', () => {
  const ids = (board: Awaited<ReturnType<typeof boardOf>>): Promise<unknown> =>
    board.page.evaluate(
      `[...document.querySelectorAll('.tile')].map(({ id }) => id.slice('tile-'.length))`,
    )
  const today = {
    contacts_opened: { value: 1_826 },
    contacts_handled: { value: 1_740 },
    contacts_resolved: { value: 1_700 },
  }

  test('count agents with free capacity as available, not those in the state', async () => {
    const { tile, page } = await boardOf(
      browser,
      answersOf({ live: { all: agents, 'class=live': replies } }),
    )
    expect(await tile('waiting')).toBe('Waiting now Nobody waits 0 2 agents available')
    await page.getByRole('button', { name: '中文' }).click()
    expect(await tile('waiting')).toBe('当前等待 无人等待 0 空闲坐席 2')
  })

  test('say nothing of available agents where that is not known', async () => {
    const { agents_by_state } = agents
    const { tile } = await boardOf(
      browser,
      answersOf({ live: { all: { agents_by_state }, 'class=live': replies } }),
    )
    expect(await tile('waiting')).toBe('Waiting now Nobody waits 0')
  })

  test('of a tenant with calls alone all have figures: agents and handled contacts stand for replies', async () => {
    const all = { ...agents, occupancy: occupancy(0.8, 'ok'), backlog: { value: 41 } }
    const board = await boardOf(
      browser,
      answersOf({
        live: { all, 'queue=sales': { waiting_now: { value: 1 } } },
        today: { all: today },
      }),
    )
    expect(await ids(board)).toEqual([
      'waiting',
      'longest',
      'agents',
      'handled',
      'occupancy',
      'today',
    ])
    expect(await board.tile('agents')).toBe('Agents available 2 20 agents signed in')
    expect(await board.tile('handled')).toBe('Handled today 1,740')
    expect(await board.tile('waiting')).toContain('41 open contacts')
    expect(await board.text('#tiles')).not.toContain('No data')
    expect(await board.text('#queue-head')).toBe(
      'Queue Waiting now Longest wait Handled today Contacts today',
    )
    expect(await board.text('footer')).toBe('Occupancy: the last 15 minutes. Waiting: now.')
  })

  test('of a tenant without agent states all have figures: open and resolved contacts stand for agents', async () => {
    const board = await boardOf(
      browser,
      answersOf({ live: { all: { backlog: { value: 41 } } }, today: { all: today } }),
    )
    expect(await ids(board)).toEqual(['waiting', 'longest', 'open', 'handled', 'resolved', 'today'])
    expect(await board.text('#tiles')).not.toContain('No data')
  })

  test.each([
    { reply: 'is owed now', now: { waiting_now: { value: 1 } }, day: {} },
    { reply: 'was given today', now: {}, day: { response_time: { value: 20_512, count: 3 } } },
    { reply: 'was due today', now: {}, day: { answered_within_30s_of_due: within(0, 'breach') } },
    {
      reply: 'was due before midnight',
      now: { answered_within_30s_of_due: within(0, 'breach') },
      day: {},
    },
  ])(
    'about replies stand where one of a live channel $reply, and the queues have their columns',
    async ({ now, day }) => {
      const floor = {
        all: { ...agents, occupancy: occupancy(0.8, 'ok') },
        'queue=chats': { waiting_now: { value: 1 } },
      }
      const board = await boardOf(browser, answersOf({ live: floor, today: { all: today } }))
      expect(await ids(board)).toContain('agents')
      board.answer(
        answersOf({
          live: { ...floor, 'class=live': now },
          today: { all: today, 'class=live': day },
        }),
      )
      await expect
        .poll(() => ids(board), soon)
        .toEqual(['waiting', 'longest', 'response', 'within', 'occupancy', 'today'])
      expect(await board.tile('today')).toBe('Contacts today 1,826 1,740 handled')
      expect(await board.text('#queue-head')).toBe(
        'Queue Waiting now Longest wait Average response Answered in 30 s Contacts today',
      )
    },
  )

  const calls = {
    live: {
      service_level_of_offered: {
        value: 0.767,
        status: 'warning' as const,
        target: { min: 0.8 },
        numerator: 23,
        denominator: 30,
      },
      speed_of_answer: { value: 12_345, count: 25 },
      contacts_offered: { value: 30 },
    },
    today: {
      contacts_offered: { value: 412 },
      abandon_rate: {
        value: 0.0725,
        status: 'breach' as const,
        target: { max: 0.05 },
        numerator: 29,
        denominator: 400,
      },
    },
  }
  const staffed = { ...agents, occupancy: occupancy(0.8, 'ok'), backlog: { value: 41 } }
  const callTiles = ['level', 'speed', 'abandoned']

  test('of a voice center are about calls: service level, speed of answer and who hung up today, in both languages', async () => {
    const board = await boardOf(
      browser,
      answersOf({
        live: { all: staffed, 'class=voice': calls.live },
        today: { all: today, 'class=voice': calls.today },
      }),
    )
    expect(await ids(board)).toEqual([
      ...['waiting', 'longest', 'occupancy', ...callTiles],
      ...['agents', 'handled', 'today'],
    ])
    expect(await board.tile('level')).toBe(
      'Service level Slightly below 76.7 % target ≥ 80 % · 23 of 30',
    )
    expect(await board.tile('speed')).toBe('Speed of answer 12.3 s 25 calls')
    expect(await board.tile('abandoned')).toBe(
      'Abandoned today Off target 7.3 % target ≤ 5 % · 29 of 400',
    )
    for (const [tile, shape] of [
      ['level', 'warning'],
      ['abandoned', 'breach'],
    ] as const) {
      expect(await board.page.locator(`#tile-${tile} use`).getAttribute('href')).toBe(
        `#shape-${shape}`,
      )
    }
    expect(await board.text('#tiles')).not.toContain('No data')
    expect(await board.text('footer')).toBe(
      'Occupancy, Service level, Speed of answer: the last 15 minutes. Waiting: now.',
    )
    expect(await board.text('#spoken')).toContain('Abandoned today: Off target')
    await board.page.getByRole('button', { name: '中文' }).click()
    expect(await board.tile('level')).toBe('服务水平 略低于目标 76.7 % 目标 ≥ 80 % · 23 / 30')
    expect(await board.tile('speed')).toBe('平均应答速度 12.3 秒 25 通来电')
    expect(await board.tile('abandoned')).toBe('今日放弃率 未达标 7.3 % 目标 ≤ 5 % · 29 / 400')
    expect(board.errors).toEqual([])
  })

  test('of a tenant with chats and calls are about both', async () => {
    const board = await boardOf(
      browser,
      answersOf({
        live: { all: staffed, 'class=live': replies, 'class=voice': calls.live },
        today: { all: today, 'class=voice': calls.today },
      }),
    )
    expect(await ids(board)).toEqual([
      ...['waiting', 'longest', 'occupancy', ...callTiles],
      ...['response', 'within', 'today'],
    ])
    expect(await board.tile('response')).toContain('20.5 s')
    expect(await board.tile('within')).toContain('90 %')
    expect(await board.tile('level')).toContain('76.7 %')
    expect(await board.text('#tiles')).not.toContain('No data')
  })

  test.each<Record<'live' | 'day', Answers['live']> & { readonly call: string }>([
    { call: 'waits in a queue', live: { 'queue=hotline': { queued_now: { value: 1 } } }, day: {} },
    {
      call: 'came into a queue today',
      live: {},
      day: { 'class=voice': { contacts_offered: { value: 1 } } },
    },
    {
      call: 'came into a queue before midnight',
      live: { 'class=voice': { contacts_offered: { value: 1 } } },
      day: {},
    },
    {
      call: 'came into a queue, and no classes are kept',
      live: {},
      day: { all: { ...today, contacts_offered: { value: 1 } } },
    },
  ])('about calls stand as soon as one $call', async ({ live, day }) => {
    const none = { 'queue=none': { queued_now: { value: 2 } } } // In no queue.
    const board = await boardOf(
      browser,
      answersOf({ live: { all: staffed, ...none }, today: { all: today } }),
    )
    expect(await ids(board)).not.toContain('level')
    board.answer(
      answersOf({ live: { all: staffed, ...none, ...live }, today: { all: today, ...day } }),
    )
    await expect
      .poll(() => ids(board), soon)
      .toEqual([
        ...['waiting', 'longest', 'occupancy', ...callTiles],
        ...['agents', 'handled', 'today'],
      ])
    expect(await board.tile('speed')).toBe('Speed of answer No data – no call in this time')
    board.answer(answersOf({ live: { all: staffed }, today: { all: today } }))
    await expect
      .poll(() => ids(board), soon)
      .toEqual(['waiting', 'longest', 'agents', 'handled', 'occupancy', 'today'])
  })

  test('are red on the whole only where customers wait too long: a missed occupancy is marked, not alarming', async () => {
    const waits = {
      waiting_now: { value: 3 },
      waiting_over_target: { value: 3 },
      longest_wait: { value: 95_000, since: sinceAgo(95_000) },
    }
    const all = { ...waits, ...agents, occupancy: occupancy(0.649, 'breach') }
    const late = { ...replies, answered_within_30s_of_due: within(0.5, 'breach') }
    const { page, tile } = await boardOf(browser, answersOf({ live: { all, 'class=live': late } }))
    const colours = (selector: string, property: string): Promise<unknown> =>
      page.evaluate(
        `['waiting', 'within', 'occupancy', 'today'].map((id) => getComputedStyle(document.querySelector('#tile-' + id + '${selector}')).${property})`,
      )
    const [waiting, ...others] = (await colours('', 'backgroundColor')) as string[]
    expect(new Set(others)).toEqual(new Set([others[2]]))
    expect(waiting).not.toBe(others[2])
    const [late_, missed, occupied, plain] = (await colours(' .number', 'color')) as string[]
    expect([late_, occupied]).toEqual([missed, plain])
    expect(missed).not.toBe(plain)
    expect(await tile('occupancy')).toContain('Occupancy Off target 64.9 %')
  })
})
