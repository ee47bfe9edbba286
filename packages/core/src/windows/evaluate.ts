import { type ClosedRecord, decodeClosed } from '../closed/closed-record.ts'
import { maturityOf } from '../closed/maturing.ts'
import type { TenantConfig } from '../config/tenant-config.ts'
import type { Kpi, OpenRead, Reading } from '../kpis/kpi.ts'
import { type KpiValue, missingKpiValue, kpiValue } from '../kpis/value.ts'
import type { Measure } from '../measures/measure.ts'
import {
  countIn,
  countOf,
  durationOf,
  emptyDuration,
  emptyMerged,
  mergeRecord,
  type MergedMeasures,
  moneyOf,
  negatedRecord,
  sumDurations,
} from '../measures/merged.ts'
import { nothingOpen } from '../open/held-open.ts'
import type { OpenKind } from '../state/keys.ts'
import type { EpochMs, Interval } from '../time/time.ts'
import { mergeOpenTime } from './open-time.ts'
import { isOneSlice, sourcesAt } from './sources.ts'
import { type StoredPart, storedParts } from './parts.ts'
import type { ReadingPlan } from './plan.ts'

/** What one consistent read gave: values and open intervals parallel to the plan's `keys` and `open`, and its log time. */
export type ReadAnswer = {
  readonly values: readonly (Uint8Array | null)[]
  readonly open: readonly OpenRead[]
  readonly asOfMs: EpochMs
  /** For KPIs that compare agents (`Kpi.isComparison`). */
  readonly salesIndexes?: Reading['salesIndexes']
}

/**
 * Every KPI of the plan's question, by id, none left out. In a period, a KPI of the moment is `null` (`not-in-this-window`), and all are `null`
 * (`not-kept`) when the buckets are gone. What was issued of the period is its value, as long as it stands.
 */
export function evaluate(plan: ReadingPlan, answer: ReadAnswer): Map<string, KpiValue> {
  const issued = standingIssue(plan, answer.values)
  return issued === null
    ? evaluateAll(plan, readingOf(plan, answer))
    : evaluateIssued(plan, issued, answer.asOfMs, answer.salesIndexes)
}

/** What was issued last, of one period or of several days together. */
type Issued = Pick<ClosedRecord, 'revision' | 'closedAtMs' | 'measures'>

/** What was issued last of the plan's period; of a trailing one, of each of its days of which something was. */
export function issuedRecords(
  plan: ReadingPlan,
  values: readonly (Uint8Array | null)[],
): readonly ClosedRecord[] {
  return issuedValues(plan, values).flatMap((bytes, place) =>
    bytes === null ? [] : [issuedRecord(plan, place, bytes)],
  )
}

/** What was issued of one of `ReadingPlan.issued`; what is left out is taken off. */
export function issuedRecord(
  { parts, issued }: ReadingPlan,
  place: number,
  bytes: Uint8Array,
): ClosedRecord {
  const record = decodeClosed(bytes)
  const { isLeftOut } = parts[issued[place]!.part]!
  return isLeftOut ? { ...record, measures: record.measures.map(negatedRecord) } : record
}

/** What was issued last of the plan's period, or of its days together: a revision more for each time that one of them was issued again. `null`: nothing was, of this slice. */
export function issuedIn(plan: ReadingPlan, values: readonly (Uint8Array | null)[]): Issued | null {
  const issued = issuedRecords(plan, values)
  if (issued.length === 0) return null
  return {
    revision: issued.reduce((sum, { revision }) => sum + revision - 1, 1),
    closedAtMs: Math.max(...issued.map(({ closedAtMs }) => closedAtMs)) as EpochMs,
    measures: issued.flatMap(({ measures }) => measures),
  }
}

/** The same, where it stands: the buckets still say the same, but for what time alone matures, or are gone. What changed since is to be issued again. */
export function standingIssue(
  plan: ReadingPlan,
  values: readonly (Uint8Array | null)[],
): Issued | null {
  const issued = issuedIn(plan, values)
  return issued === null || plan.isGone || saysTheSame(plan, values) ? issued : null
}

function saysTheSame(plan: ReadingPlan, values: readonly (Uint8Array | null)[]): boolean {
  const stored = storedBySlice(plan, values)
  return issuedValues(plan, values).every((bytes, place) => {
    const { part, cell } = plan.issued[place]!
    const its = stored[part]!.filter((one) => cell === null || one.cell === cell)
    const now = cellsOf(its.map((part) => part.bytes))
    const then = cellsOf(bytes === null ? [] : issuedRecord(plan, place, bytes).measures)
    return now.size === then.size && [...now].every(([cell, total]) => then.get(cell) === total)
  })
}

/** Of each of `ReadingPlan.issued`. */
const issuedValues = (
  { keys, issued }: ReadingPlan,
  values: readonly (Uint8Array | null)[],
): readonly (Uint8Array | null)[] => values.slice(keys.length - issued.length, keys.length)

/** What there is of each slice that the plan reads. */
function storedBySlice(
  { parts }: ReadingPlan,
  values: readonly (Uint8Array | null)[],
): readonly (readonly StoredPart[])[] {
  let at = 0
  return parts.map((one) => {
    const stored = storedParts(one, values.slice(at, (at += one.keys.length)))
    if (!one.isLeftOut) return stored
    return stored.map(({ cell, bytes }) => ({ cell, bytes: negatedRecord(bytes) }))
  })
}

/** What records hold together, by cell, but for what matures. */
function cellsOf(records: readonly Uint8Array[]): Map<number, bigint> {
  const merged = emptyMerged()
  for (const bytes of records) mergeRecord(merged, bytes)
  const totals = new Map<number, bigint>()
  for (const cell of new Set([...merged.cells.keys(), ...merged.carried.keys()])) {
    const total = BigInt(merged.cells.get(cell) ?? 0) + (merged.carried.get(cell) ?? 0n)
    if (total !== 0n && maturityOf(cell) === null) totals.set(cell, total)
  }
  return totals
}

/** The same KPIs of what was issued of the period in this revision. */
export function evaluateIssued(
  plan: ReadingPlan,
  { measures }: Pick<ClosedRecord, 'measures'>,
  asOfMs: EpochMs,
  salesIndexes?: Reading['salesIndexes'],
): Map<string, KpiValue> {
  const records = measures.map((bytes) => ({ cell: 0, bytes }))
  const { startMs, endMs } = plan
  const whole = { ...plan, isGone: false, cells: [{ startMs, endMs: endMs! }] }
  return evaluateAll(whole, readingOfParts(whole, records, { open: [], asOfMs, salesIndexes }))
}

/** Nothing is stored for the slice in the buckets of the plan. `false` also where they are gone. */
export function isNothingStored(
  plan: ReadingPlan,
  values: readonly (Uint8Array | null)[],
): boolean {
  if (plan.isGone) return false
  const merged = emptyMerged()
  for (const { bytes } of storedBySlice(plan, values).flat()) mergeRecord(merged, bytes)
  return merged.cells.values().every((value) => value === 0)
}

type Frame = Pick<
  ReadingPlan,
  'question' | 'open' | 'startMs' | 'endMs' | 'period' | 'whole' | 'isGone'
> & {
  readonly cells: readonly Interval[]
}

function evaluateAll(plan: Frame, reading: Reading): Map<string, KpiValue> {
  return new Map(plan.question.kpis.map((kpi) => [kpi.id, evaluateOne(kpi, plan, reading)]))
}

function evaluateOne(kpi: Kpi, plan: Frame, reading: Reading): KpiValue {
  const { question } = plan
  if (kpi.span === 'now')
    return plan.endMs === null
      ? kpiValue(kpi, reading, question)
      : missingKpiValue(kpi, 'not-in-this-window', reading, question)
  return plan.isGone
    ? missingKpiValue(kpi, 'not-kept', reading, question)
    : kpiValue(kpi, reading, question)
}

type OpenIn<Member> = Pick<OpenRead, 'count' | 'ages' | 'lateness'> & {
  readonly oldest: readonly Member[]
}

/** What goes on in slices that have no subject in common. */
export function openTogether<Member extends { readonly sinceMs: EpochMs }>(
  reads: readonly OpenIn<Member>[],
): OpenIn<Member> {
  const [first, ...others] = reads
  if (first !== undefined && others.length === 0) return first
  const ages = reads.flatMap((read) => read.ages ?? [])
  const lateness = reads.flatMap((read) => read.lateness ?? [])
  return {
    count: reads.reduce((sum, { count }) => sum + count, 0),
    oldest: reads.flatMap(({ oldest }) => oldest).sort((a, b) => a.sinceMs - b.sinceMs),
    ...(ages.length > 0 && { ages: ages.reduce(sumDurations) }),
    ...(lateness.length > 0 && { lateness: lateness.reduce((sum, one) => sum + one) }),
  }
}

/** What was read for a plan, for who asks for measures and not for KPIs. */
export function readingOf(plan: ReadingPlan, answer: ReadAnswer): Reading {
  return readingOfParts(plan, storedBySlice(plan, answer.values).flat(), answer)
}

function readingOfParts(
  plan: Frame,
  records: readonly StoredPart[],
  { open, asOfMs, salesIndexes }: Omit<ReadAnswer, 'values'>,
): Reading {
  const { cells, question } = plan
  const openReads = new Map<OpenKind, OpenRead>()
  for (const [index, { kind }] of plan.open.entries())
    openReads.set(kind, openTogether([openReads.get(kind), open[index]].filter((one) => !!one)))
  const openOf = (kind: OpenKind): OpenRead => openReads.get(kind) ?? nothingOpen
  let merged: MergedMeasures | null = null

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
    money: (measure) => moneyOf(all(), measure),
    lastBefore,
    open: openOf,
    ages: (kind) => openOf(kind).ages ?? emptyDuration,
    period: plan.period,
    whole: plan.whole,
    window: {
      startMs: plan.startMs,
      endMs: Math.min(plan.endMs ?? asOfMs, asOfMs) as EpochMs,
    },
    slice: question.slice,
    isOneSlice: isOneSlice(question.slice, sourcesAt(question.sources, asOfMs)),
    config: question.config,
    inForce: inForceIn(plan, asOfMs),
    asOfMs,
    salesIndexes,
  }
}

/** Of a period that goes on the configuration of now. */
function inForceIn({ question, endMs }: Frame, asOfMs: EpochMs): TenantConfig {
  return endMs === null || endMs > asOfMs ? question.config : question.history.configAt(endMs - 1)
}
