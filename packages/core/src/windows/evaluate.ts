import type { Kpi, OpenRead, Reading } from '../kpis/kpi.ts'
import { type KpiValue, missingKpiValue, kpiValue } from '../kpis/value.ts'
import type { Measure } from '../measures/measure.ts'
import {
  countIn,
  countOf,
  durationOf,
  emptyMerged,
  mergeRecord,
  type MergedMeasures,
} from '../measures/merged.ts'
import { nothingOpen } from '../open/held-open.ts'
import type { OpenKind } from '../state/keys.ts'
import type { EpochMs } from '../time/time.ts'
import { mergeOpenTime } from './open-time.ts'
import { storedParts } from './parts.ts'
import type { ReadingPlan } from './plan.ts'

/** What one consistent read gave: values and open intervals parallel to the plan's `keys` and `open`, and its log time. */
export type ReadAnswer = {
  readonly values: readonly (Uint8Array | null)[]
  readonly open: readonly OpenRead[]
  readonly asOfMs: EpochMs
}

/**
 * Every KPI of the plan's question, by id, none left out. In a period, a KPI of the moment is `null` (`not-in-this-window`), and all are `null`
 * (`not-kept`) when the buckets are gone.
 */
export function evaluate(plan: ReadingPlan, answer: ReadAnswer): Map<string, KpiValue> {
  const reading = readingOf(plan, answer)
  return new Map(plan.question.kpis.map((kpi) => [kpi.id, evaluateOne(kpi, plan, reading)]))
}

function evaluateOne(kpi: Kpi, plan: ReadingPlan, reading: Reading): KpiValue {
  const { clock = null } = plan.question
  if (kpi.span === 'now')
    return plan.endMs === null
      ? kpiValue(kpi, reading, clock)
      : missingKpiValue(kpi, 'not-in-this-window', reading, clock)
  return plan.isGone
    ? missingKpiValue(kpi, 'not-kept', reading, clock)
    : kpiValue(kpi, reading, clock)
}

function readingOf(plan: ReadingPlan, { values, open, asOfMs }: ReadAnswer): Reading {
  const { cells, question } = plan
  const openReads = new Map<OpenKind, OpenRead>(
    plan.open.map(({ kind }, index) => [kind, open[index] ?? nothingOpen]),
  )
  const openOf = (kind: OpenKind): OpenRead => openReads.get(kind) ?? nothingOpen
  let merged: MergedMeasures | null = null
  const records = storedParts({ sliceId: question.sliceId ?? 0, parts: plan.parts }, values)

  const all = (): MergedMeasures => {
    if (merged !== null) return merged
    merged = emptyMerged()
    for (const { bytes } of records) mergeRecord(merged, bytes)
    mergeOpenTime(merged, openOf, { startMs: plan.startMs, endMs: plan.endMs ?? asOfMs }, asOfMs)
    return merged
  }

  const lastBefore = (measure: Measure): EpochMs | null => {
    const bytesOf = (cell: number): Uint8Array[] =>
      records.filter((record) => record.cell === cell).map(({ bytes }) => bytes)
    const last = cells.findLastIndex((_, cell) => countIn(bytesOf(cell), measure) !== 0)
    const endMs = cells[last]?.endMs
    return endMs === undefined ? null : (Math.min(endMs, asOfMs) as EpochMs)
  }

  return {
    count: (measure) =>
      measure.kind === 'duration' ? durationOf(all(), measure).count : countOf(all(), measure),
    duration: (measure) => durationOf(all(), measure),
    lastBefore,
    open: openOf,
    slice: question.slice,
    config: question.config,
    asOfMs,
  }
}
