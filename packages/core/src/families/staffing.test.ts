import { describe, expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '../config/tenant-config.ts'
import type { Finding, Reading } from '../kpis/kpi.ts'
import { emptyDuration } from '../measures/merged.ts'
import type { Measure } from '../measures/measure.ts'
import { parseSlice } from '../slices/slice.ts'
import { type EpochMs, hourMs, minuteMs } from '../time/time.ts'
import { catalogueOf, measures } from './catalogue.ts'
import { agentsFor, promisedIn } from './staffing.ts'

const startMs = Date.UTC(2026, 2, 2, 9)

type Told = {
  readonly counts?: Readonly<Partial<Record<keyof typeof measures, number>>>
  readonly handleMs?: number
  readonly slice?: string
  readonly config?: Partial<TenantConfig>
  /** The window ends so long after its start; `asOf` is then, or later. */
  readonly lengthMs?: number
  readonly isOver?: boolean
}

/** Half an hour that is over, unless it says otherwise. */
function readingOf({ counts = {}, handleMs, slice = 'queue=sales', ...told }: Told): Reading {
  const endMs = startMs + (told.lengthMs ?? 30 * minuteMs)
  const config = { ...defaultTenantConfig, ...told.config }
  const parsed = parseSlice(slice)
  const byMeasure = new Map<Measure, number>(
    Object.entries(counts).map(([name, n]) => [measures[name as keyof typeof measures], n]),
  )
  return {
    count: (measure) => byMeasure.get(measure) ?? 0,
    duration: () =>
      handleMs === undefined ? emptyDuration : { ...emptyDuration, count: 2, sum: 2 * handleMs },
    money: () => new Map(),
    ages: () => emptyDuration,
    lastBefore: () => null,
    open: () => ({ count: 0, oldest: [] }),
    ...{ period: null, whole: null },
    isOneSlice: true,
    window: { startMs: startMs as EpochMs, endMs: endMs as EpochMs },
    slice: parsed.ok ? parsed.slice : [],
    ...{ config, inForce: config },
    asOfMs: (told.isOver === false ? endMs : endMs + hourMs) as EpochMs,
  }
}

const found = (id: string, told: Told): Finding => catalogueOf().byId(id)!.find(readingOf(told))

/** 100 calls of 180 s. */
const came = { workloadDifference: 100_000_000 }
const forecast = {
  ...{ forecastOffered: 100_000_000, workloadDifference: -100_000_000 },
  ...{ forecastTimedOffered: 100_000_000, forecastWork: 100 * 180_000 },
}

describe('required agents', () => {
  test.each<{ rule: string; told: Told; is: number | null }>([
    { rule: 'of what came', told: { counts: came, handleMs: 180_000 }, is: 14 },
    { rule: 'of what was forecast, where it was', told: { counts: forecast, handleMs: 1 }, is: 14 },
    {
      rule: 'with the handle time of the window, where the forecast tells none',
      told: {
        counts: { forecastOffered: 100_000_000, workloadDifference: 900_000_000 },
        handleMs: 180_000,
      },
      is: 14,
    },
    {
      rule: 'with that of the forecasts that tell one',
      told: {
        counts: { ...forecast, forecastTimedOffered: 10_000_000, forecastWork: 1_800_000 },
        handleMs: 1,
      },
      is: 14,
    },
    { rule: 'nobody, where nothing came', told: { counts: {}, handleMs: 180_000 }, is: 0 },
    { rule: 'nobody, where nothing came and nobody knows how long it takes', told: {}, is: 0 },
    { rule: 'none is known without a handle time', told: { counts: came }, is: null },
    {
      rule: 'nor of what has not begun',
      told: { counts: came, handleMs: 1, lengthMs: -5 },
      is: null,
    },
    {
      rule: 'a minute of a forecast that runs is a whole one',
      told: { counts: forecast, lengthMs: 29 * minuteMs + 1, isOver: false },
      is: 14,
    },
    {
      rule: 'what came is of the time that has passed',
      told: { counts: came, handleMs: 180_000, lengthMs: 15 * minuteMs, isOver: false },
      is: 24,
    },
    {
      rule: 'a lower target needs fewer',
      told: {
        ...{ counts: came, handleMs: 180_000 },
        config: { targets: [{ kpi: 'service_level_of_offered', min: 0.5 }] },
      },
      is: 12,
    },
    {
      rule: 'a target of a slice counts there',
      told: {
        ...{ counts: came, handleMs: 180_000 },
        config: { targets: [{ kpi: 'service_level_of_offered', slice: 'queue=other', min: 0.5 }] },
      },
      is: 14,
    },
  ])('$rule: $is', ({ told, is }) => {
    const { value, reason } = found('required_agents', told)
    expect(value).toBe(is)
    expect(reason).toBe(is === null ? 'nothing-happened' : undefined)
  })
})

test.each<{ rule: string; config: Partial<TenantConfig>; slice: string; is: object }>([
  { rule: 'as it comes', config: {}, slice: 'queue=sales', is: { share: 0.8, withinMs: 20_000 } },
  {
    rule: 'of a target that has no least share',
    config: { targets: [{ kpi: 'service_level_of_offered', max: 0.9 }] },
    slice: 'all',
    is: { share: 0.8 },
  },
  {
    rule: 'of a target of all calls',
    config: { targets: [{ kpi: 'service_level_of_offered', min: 1 }] },
    slice: 'all',
    is: { share: 0.9999 },
  },
  {
    rule: 'of a queue with a limit of its own',
    config: { limitOverrides: [{ queue: 'sales', firstResponseMs: 60_000 }] },
    slice: 'queue=sales',
    is: { withinMs: 60_000 },
  },
  {
    rule: 'of another queue',
    config: { limitOverrides: [{ queue: 'sales', firstResponseMs: 60_000 }] },
    slice: 'queue=tech',
    is: { withinMs: 20_000 },
  },
])('what is promised, $rule', ({ config, slice, is }) => {
  expect(promisedIn(readingOf({ config, slice }))).toMatchObject(is)
})

test('a load that no center has needs as many agents as erlangs', () => {
  const load = { callsPerHour: 1e9, handleMs: 36_000_000 }
  expect(agentsFor(load, { share: 0.8, withinMs: 20_000 })).toBe(1e10)
})

describe('the staffing gap', () => {
  const staffed = { staffedTime: 14 * 30 * minuteMs, agentHandling: hourMs }
  test.each<{ rule: string; told: Told; is: Finding }>([
    {
      rule: 'is who was there, on average, less who is required',
      told: { counts: { ...came, ...staffed }, handleMs: 180_000 },
      is: { value: 0 },
    },
    {
      rule: 'is below 0 where there are too few',
      told: { counts: { ...came, agentNotReady: hourMs }, handleMs: 180_000 },
      is: { value: -14 },
    },
    {
      rule: 'is unknown where nobody was signed in',
      told: { counts: came, handleMs: 180_000, slice: 'all' },
      is: { value: null, reason: 'no-agent-states' },
    },
    {
      rule: 'of a queue that no agent joined, too',
      told: { counts: came, handleMs: 180_000 },
      is: { value: null, reason: 'no-source' },
    },
    {
      rule: 'is unknown where it is unknown how many are required',
      told: { counts: { ...came, ...staffed } },
      is: { value: null, reason: 'nothing-happened' },
    },
  ])('$rule', ({ told, is }) => {
    expect(found('staffing_gap', told)).toEqual(is)
  })
})
