import { defaultTenantConfig } from '../config/tenant-config.ts'
import type { Finding, Reading } from '../kpis/kpi.ts'
import type { Measure } from '../measures/measure.ts'
import type { MergedDuration } from '../measures/merged.ts'
import { parseSlice } from '../slices/slice.ts'
import type { OpenKind } from '../state/keys.ts'
import type { EpochMs } from '../time/time.ts'
import { catalogueOf } from './catalogue.ts'

export const asOfMs = 1_000_000_000_000 as EpochMs

export type Told = {
  readonly counts?: readonly (readonly [Measure, number])[]
  /** Durations in ms, below 128: each is a bin of its own. */
  readonly durations?: readonly (readonly [Measure, readonly number[]])[]
  /** Minor units by currency. */
  readonly money?: readonly (readonly [Measure, Readonly<Record<string, number>>])[]
  /** Since when, before `asOfMs`; the oldest first. */
  readonly open?: Partial<Record<OpenKind, readonly number[]>>
  readonly last?: readonly [Measure, number]
  readonly period?: Reading['period']
  readonly slice?: string
  /** How long it is, in ms. */
  readonly window?: number
  /** How long before `asOfMs` it ended, in ms. Default: it goes on. */
  readonly endedBefore?: number
}

function durationOf(all: readonly number[]): MergedDuration {
  const bins = [...new Set(all)].sort((a, b) => a - b)
  const counts = bins.map((bin) => all.filter((ms) => ms === bin).length)
  const sum = all.reduce((total, ms) => total + ms, 0)
  return { count: all.length, sum, bins: { bins, counts, total: all.length } }
}

/** Of what is told, and nothing else. */
export function readingOf({
  counts = [],
  durations = [],
  money = [],
  open = {},
  last,
  slice = 'all',
  period = null,
  window = 3_600_000,
  endedBefore = 0,
}: Told): Reading {
  const lasted = new Map(durations)
  const parsed = parseSlice(slice)
  return {
    // Measures of thresholds are made where they are asked for: the same by their numbers.
    count: (measure) => {
      const { field, family, kind } = measure
      if (kind === 'duration') return (lasted.get(measure) ?? []).length
      return counts.find(([one]) => one.field === field && one.family === family)?.[1] ?? 0
    },
    duration: (measure) => durationOf(lasted.get(measure) ?? []),
    money: (measure) => new Map(Object.entries(money.find(([one]) => one === measure)?.[1] ?? {})),
    ages: (kind) => durationOf(open[kind] ?? []),
    ...{ period, whole: period },
    isOneSlice: true,
    lastBefore: (measure) =>
      last !== undefined && measure === last[0] ? (last[1] as EpochMs) : null,
    open: (kind) => {
      const since = open[kind] ?? []
      return {
        count: since.length,
        oldest: since.slice(0, 1).map((beforeMs) => ({ sinceMs: (asOfMs - beforeMs) as EpochMs })),
      }
    },
    ...{
      slice: parsed.ok ? parsed.slice : [],
      config: defaultTenantConfig,
      inForce: defaultTenantConfig,
      asOfMs,
      window: { startMs: (asOfMs - window) as EpochMs, endMs: (asOfMs - endedBefore) as EpochMs },
    },
  }
}

/** What a KPI finds in what is told, and nothing else. */
export const found = (id: string, told: Told): Finding =>
  catalogueOf().byId(id)!.find(readingOf(told))
