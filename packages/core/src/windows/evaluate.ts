import type { Kpi, OpenRead, Reading } from '../kpis/kpi.ts'
import { type KpiValue, missingKpiValue, kpiValue } from '../kpis/value.ts'
import type { Family, Measure } from '../measures/measure.ts'
import { countOf, durationOf, emptyMerged, holdsField, mergeRecord, type MergedMeasures } from '../measures/merged.ts'
import { nothingOpen } from '../open/held-open.ts'
import type { OpenKind } from '../state/keys.ts'
import type { EpochMs } from '../time/time.ts'
import { mergeOpenTime } from './open-time.ts'
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
  if (kpi.span === 'now') return plan.endMs === null ? kpiValue(kpi, reading) : missingKpiValue(kpi, 'not-in-this-window', reading)
  return plan.isGone ? missingKpiValue(kpi, 'not-kept', reading) : kpiValue(kpi, reading)
}

function readingOf(plan: ReadingPlan, { values, open, asOfMs }: ReadAnswer): Reading {
  const { cells, families, question } = plan
  const openReads = new Map<OpenKind, OpenRead>(plan.open.map(({ kind }, index) => [kind, open[index] ?? nothingOpen]))
  const openOf = (kind: OpenKind): OpenRead => openReads.get(kind) ?? nothingOpen
  const merged = new Map<Family, MergedMeasures>()

  const valuesOf = (family: Family): readonly (Uint8Array | null)[] => {
    const place = families.indexOf(family)
    return place < 0 ? [] : values.slice(place * cells.length, (place + 1) * cells.length)
  }

  const mergedOf = (family: Family): MergedMeasures => {
    const known = merged.get(family)
    if (known !== undefined) return known
    const made = emptyMerged()
    for (const bytes of valuesOf(family)) if (bytes !== null) mergeRecord(made, bytes)
    if (family === 'agent') mergeOpenTime(made, openOf, { startMs: plan.startMs, endMs: plan.endMs ?? asOfMs }, asOfMs)
    merged.set(family, made)
    return made
  }

  const lastBefore = ({ family, field }: Measure): EpochMs | null => {
    const last = valuesOf(family).findLastIndex((bytes) => bytes !== null && holdsField(bytes, field))
    const endMs = cells[last]?.endMs
    return endMs === undefined ? null : (Math.min(endMs, asOfMs) as EpochMs)
  }

  return {
    count: (measure) => countOf(mergedOf(measure.family), measure.field),
    duration: (measure) => durationOf(mergedOf(measure.family), measure.field),
    lastBefore,
    open: openOf,
    slice: question.slice,
    config: question.config,
    asOfMs,
  }
}
