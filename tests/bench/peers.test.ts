import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { optionsOf } from './options.ts'
import { counted, figuresOf } from './peers/duckdb/duckdb.ts'
import { equalityOf } from './peers/equality/equality.ts'
import { claimed, placesFrom, type Figures, type Places } from './peers/equality/figures.ts'
import type { LiveRun } from './peers/live.ts'
import { isEqual, type PeersResult } from './peers/run-peers.ts'
import { figuresOfDump } from './peers/streams/figures.ts'
import { isOlder } from './peers/streams/jar.ts'
import { ratiosOf, betterThanOurs, ratiosTable, type Metric } from './report/ratios.ts'
import { peersReport } from './report/peers.ts'

const nothing: Figures = {
  opened: 0,
  handled: 0,
  resolved: 0,
  replies: 0,
  sumMs: 0,
  within: 0,
  p50Ms: null,
  p90Ms: null,
  p99Ms: null,
}
const day = 'day 2026-03-02T00:00:00.000Z all'
const dayMs = Date.parse('2026-03-02T00:00:00.000Z')

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'deskpulse-peers-test-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

test('peers are measured only by their name, with a longer history unless one is given', () => {
  expect(optionsOf([]).parts).not.toContain('peers')
  expect(optionsOf(['--only', 'peers'])).toMatchObject({
    parts: ['peers'],
    cases: [],
    peersEvents: 200_000,
    perSecond: 2_000,
  })
  expect(optionsOf(['--only', 'peers', '--events', '20000']).peersEvents).toBe(20_000)
  expect(optionsOf(['--only', 'peers', '--quick']).peersEvents).toBe(4_000)
})

const acme = (figures: Figures): ReadonlyMap<string, Places> =>
  new Map([['acme', placesFrom([[day, figures]])]])
const some = { ...nothing, opened: 3, replies: 1, sumMs: 900, p50Ms: 900, p90Ms: 900, p99Ms: 900 }

test.each([
  { rule: 'the same figures have none', found: acme(some), differences: [] },
  {
    rule: 'another figure is one, with its place',
    found: acme({ ...some, opened: 4 }),
    differences: [`acme, ${day} opened: 4, wanted 3 by Deskpulse`],
  },
  {
    rule: 'a percentile is a figure',
    found: acme({ ...some, p99Ms: 901 }),
    differences: [`acme, ${day} p99Ms: 901, wanted 900 by Deskpulse`],
  },
  {
    rule: 'what only Deskpulse has is one',
    found: acme(nothing),
    differences: [`acme, ${day}: absent, wanted ${JSON.stringify(some)} by Deskpulse`],
  },
  {
    rule: 'what only the peer has is one',
    found: new Map([
      [
        'acme',
        placesFrom([
          [day, some],
          ['now all', { waiting: 2 }],
        ]),
      ],
    ]),
    differences: ['acme, now all: {"waiting":2}, wanted absent by Deskpulse'],
  },
])('of differences: $rule', ({ found, differences }) => {
  expect(equalityOf('peer', found, acme(some)).differences).toEqual(differences)
})

test('nothing to compare is a difference: an empty answer equals no empty answer', () => {
  expect(equalityOf('peer', acme(nothing), acme(nothing)).differences).toEqual([
    'acme: nothing was counted',
  ])
  expect(equalityOf('peer', acme(some), acme(some)).values).toBe(Object.keys(some).length)
})

test('a peer is compared in the figures that it claims', () => {
  const places = placesFrom([
    [day, { ...some, handled: 7 }],
    ['day 2026-03-02T00:00:00.000Z agent=a', { ...nothing, handled: 7 }],
    ['window all', some],
    ['now all', { waiting: 2 }],
  ])
  const { handled: _handled, ...rest } = some
  expect([...claimed(places, counted)]).toEqual([[day, rest]])
})

test('of a dump, quarter-hours and days stay, and the minutes of the window become one', () => {
  const line = (key: string, opened: number, bins: readonly number[]): string => {
    const replies = bins.reduce((sum, count, at) => sum + (at % 2 === 0 ? 0 : count), 0)
    return JSON.stringify({
      key,
      opened,
      handled: 0,
      resolved: 0,
      replies,
      sumMs: 10 * replies,
      within: 0,
      bins,
    })
  }
  const minute = dayMs / 60_000
  const dump = [
    line(`all|m|${minute}`, 1, [5, 1]),
    line(`all|m|${minute + 1}`, 2, [5, 1, 9, 1]),
    line(`all|m|${minute + 2}`, 3, [7, 1, 9, 1]),
    line(`all|s|${minute}`, 6, [5, 2, 7, 1, 9, 2]),
    line(`all|d|${minute}`, 0, []),
    JSON.stringify({ key: 'all|w', waiting: 4 }),
    '',
  ].join('\n')
  const places = figuresOfDump(dump, (minute + 1) * 60_000)
  expect([...places.keys()]).toEqual(['15m 2026-03-02T00:00:00.000Z all', 'now all', 'window all'])
  expect(places.get('now all')).toEqual({ waiting: 4 })
  expect(places.get('window all')).toEqual({
    ...nothing,
    opened: 5,
    replies: 4,
    sumMs: 40,
    p50Ms: 7,
    p90Ms: 9,
    p99Ms: 9,
  })
})

test("of DuckDB's rows, quarter-hours and days stay, by tenant, with durations as Deskpulse's histogram tells them", () => {
  const row = {
    tenant: 'acme',
    slice: 'all',
    startMs: dayMs,
    opened: 3,
    resolved: 0,
    replies: 1,
    sumMs: 900,
    within: 1,
  }
  const percentiles = { p50Ms: 900, p90Ms: 1_001, p99Ms: null }
  const places = figuresOf(
    [60_000, 86_400_000].map((bucketMs) => ({ ...row, bucketMs, ...percentiles })),
  ).get('acme')
  expect([...places!]).toEqual([
    [
      day,
      {
        opened: 3,
        resolved: 0,
        replies: 1,
        sumMs: 900,
        within: 1,
        p50Ms: 899,
        p90Ms: 1_003,
        p99Ms: null,
      },
    ],
  ])
})

const metrics: Metric<{ readonly ms: number; readonly rate: number }>[] = [
  { title: 'ms', better: 'less', of: ({ ms }) => ms },
  { title: 'rate', better: 'more', of: ({ rate }) => rate },
]
const rounds = new Map([
  [
    'ours',
    [
      { ms: 10, rate: 5 },
      { ms: 100, rate: 5 },
      { ms: 10, rate: 5 },
    ],
  ],
  [
    'peer',
    [
      { ms: 5, rate: 10 },
      { ms: 20, rate: 10 },
      { ms: 5, rate: 1 },
    ],
  ],
])

test('a ratio is ours ÷ theirs of the same round, and the median of them is shown', () => {
  const all = ratiosOf('ours', metrics, rounds)
  expect(all.map(({ ratios }) => ratios)).toEqual([
    [2, 5, 2],
    [0.5, 0.5, 5],
  ])
  expect(ratiosTable(all)).toContain('| peer | 2.00 (2.00–5.00) | 0.50 (0.50–5.00) |')
})

test('a peer was better in what says so in every round', () => {
  expect(betterThanOurs(ratiosOf('ours', metrics, rounds))).toEqual(['- peer: ms (2.00 ×)'])
  expect(betterThanOurs(ratiosOf('peer', metrics, rounds))).toEqual([])
})

test('what the system does not tell has no ratio', () => {
  const untold: Metric<{ readonly ms: number; readonly rate: number }> = {
    title: 'memory',
    better: 'less',
    of: () => null,
  }
  expect(ratiosOf('ours', [untold], rounds)).toEqual([])
})

function resultOf(differences: readonly string[]): PeersResult {
  const fast = { wallMs: 1_000, cpuMs: 100, systemCpuMs: 200, peakBytes: 4e8 }
  const slow = { wallMs: 2_000, cpuMs: 400, systemCpuMs: 500, peakBytes: 2e8 }
  const live = (ms: number): LiveRun => ({
    events: 100,
    latenciesMs: [ms],
    cpuMs: 10,
    brokerCpuMs: 10,
    peakBytes: null,
  })
  const isSame = differences.length === 0
  return {
    options: { runs: 1, events: 1_000, live: { perSecond: 100, seconds: 1 } },
    catchUps: {
      events: 1_000,
      equality: [
        { subject: 'A', values: 1_200, differences: [] },
        { subject: 'B', values: 34, differences },
      ],
      runs: new Map(
        isSame
          ? [
              ['Deskpulse', [fast]],
              ['A', [slow]],
            ]
          : [],
      ),
      queries: isSame ? [{ wallMs: 500, cpuMs: 400, rows: 12 }] : [],
    },
    live: isSame
      ? new Map([
          ['Deskpulse', [live(80)]],
          ['A', [live(20)]],
        ])
      : null,
  }
}

test('the report tells of equality before any speed, and then what the figures of this run say', () => {
  const report = peersReport(resultOf([]))
  const at = (text: string): number => report.indexOf(text)
  expect(report).toContain('1,234 values compared')
  expect(at('differences: 0')).toBeGreaterThan(0)
  expect(at('differences: 0')).toBeLessThan(at('events/s'))
  expect(report).toContain('`exactly_once_v2` is about crashes')
  expect(report).toContain(
    '- A: catch-up, peak memory of the worker, MB (2.00 ×); live, p50, ms (4.00 ×); live, p99, ms (4.00 ×)',
  )
})

test('one difference is all that the report tells, and the run has failed', () => {
  const result = resultOf(['acme, day all opened: 4, wanted 3'])
  expect(isEqual(result)).toBe(false)
  expect(isEqual(resultOf([]))).toBe(true)
  const report = peersReport(result)
  expect(report).toContain('differences: 1')
  expect(report).toContain('- B: acme, day all opened: 4, wanted 3')
  expect(report).not.toContain('events/s')
})

test('the jar is built when it is missing, or older than a source', () => {
  const [jar, source] = [join(folder(), 'a.jar'), join(folder(), 'A.java')]
  writeFileSync(source, '')
  utimesSync(source, 20, 20)
  expect(isOlder(jar, [source])).toBe(true)
  writeFileSync(jar, '')
  utimesSync(jar, 10, 10)
  expect(isOlder(jar, [source])).toBe(true)
  utimesSync(jar, 30, 30)
  expect(isOlder(jar, [source])).toBe(false)
})
