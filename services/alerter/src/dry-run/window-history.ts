import { noSample, type Sample, sampleOf, type WindowedRule } from '@deskpulse/core/alerts'
import {
  evaluate,
  type Kpi,
  livePlan,
  type LiveWindow,
  periodPlan,
  type ReadingPlan,
  type SliceQuestion,
  windowInterval,
} from '@deskpulse/core/kpis'
import { retentionMs } from '@deskpulse/core/measures'
import { nothingOpen, type OpenAnswer, type OpenQuestion } from '@deskpulse/core/state'
import {
  bucketStart,
  type EpochMs,
  type LocalTime,
  minuteMs,
  type Period,
  periodsIn,
  slotMs,
  todayStart,
} from '@deskpulse/core/time'
import type { Tick } from './window-run.ts'

/** The records of one slice that a rule of a window may look at, and the open intervals of the moment of the read. */
export type Held = {
  readonly values: ReadonlyMap<string, Uint8Array>
  /** By `placeOf`. */
  readonly open: ReadonlyMap<string, OpenAnswer>
  /** Log time of the read. */
  readonly asOfMs: EpochMs
}

/** The first whole window of what is kept at `asOfMs`: of minutes, or of a local day whose quarter-hours are all there. The last millisecond of a minute. */
export function firstTickMs(window: LiveWindow, asOfMs: EpochMs, localTime: LocalTime): EpochMs {
  const oldestMs = (asOfMs - retentionMs[window === 'today' ? 'slot' : 'minute']) as EpochMs
  if (window !== 'today')
    return (bucketStart(oldestMs, minuteMs) + window.minutes * minuteMs - 1) as EpochMs
  const slotStartMs = bucketStart(oldestMs, slotMs)
  const days = periodsIn('day', { startMs: slotStartMs, endMs: asOfMs }, localTime)
  const first = days.find(
    ({ startMs }) => startMs >= slotStartMs && todayStart(localTime, startMs) === startMs,
  )
  return ((first?.startMs ?? asOfMs) + minuteMs - 1) as EpochMs
}

/** The ends of the minutes from `fromMs` on, and `toMs` itself. */
export function* tickTimes(fromMs: EpochMs, toMs: EpochMs): Generator<EpochMs> {
  for (let atMs: number = fromMs; atMs < toMs; atMs += minuteMs) yield atMs as EpochMs
  yield toMs
}

/** What one read must bring for the ticks of a slice from `fromMs` to `toMs`. */
export function historyNeeds(
  question: SliceQuestion,
  window: LiveWindow,
  fromMs: EpochMs,
  toMs: EpochMs,
): HistoryNeeds {
  const keys = new Set<string>()
  const open = new Map<string, OpenQuestion>()
  for (const plan of wholePlans(question, window, fromMs, toMs)) {
    for (const key of plan.keys) keys.add(key)
    for (const one of plan.open) open.set(placeOf(one), one)
  }
  return { keys: [...keys], open: [...open.values()] }
}
export type HistoryNeeds = {
  readonly keys: readonly string[]
  readonly open: readonly OpenQuestion[]
}

export const placeOf = ({ slice, kind }: OpenQuestion): string => `${slice} ${kind}`

function* wholePlans(
  question: SliceQuestion,
  window: LiveWindow,
  fromMs: EpochMs,
  toMs: EpochMs,
): Generator<ReadingPlan> {
  if (window !== 'today') {
    for (const atMs of tickTimes(fromMs, toMs)) yield livePlan(question, window, atMs)
    return
  }
  const { startMs } = windowInterval(window, fromMs, question.history.localTime)
  const range = { startMs, endMs: (toMs + 1) as EpochMs }
  for (const day of periodsIn('day', range, question.history.localTime))
    yield todayPlan(question, day.startMs, day.endMs)
}

/** A stretch of a local day as whole quarter-hours: what `today` was at its end. Planned as while it runs, so that nothing counts as gone. */
function todayPlan(question: SliceQuestion, startMs: EpochMs, endMs: EpochMs): ReadingPlan {
  const stretch: Period = { kind: 'hour', label: '', startMs, endMs }
  return periodPlan(question, stretch, startMs)
}

/**
 * What the rule would have seen of one slice, minute by minute. `today` is known at the ends of quarter-hours and stands until the next.
 * @param kpi that of the rule, of a window: what a KPI of the moment was, nothing says.
 */
export function* historyTicks(
  rule: WindowedRule,
  kpi: Kpi,
  window: LiveWindow,
  question: SliceQuestion,
  held: Held,
  times: Iterable<EpochMs>,
): Generator<Tick> {
  let last = { plan: '', sample: noSample }
  for (const atMs of times) {
    if (window !== 'today') {
      yield { atMs, sample: sampleAt(livePlan(question, window, atMs), rule, kpi, held, atMs) }
      continue
    }
    const { startMs } = windowInterval(window, atMs, question.history.localTime)
    const endMs = bucketStart((atMs + 1) as EpochMs, slotMs)
    const plan = `${startMs} ${endMs}`
    if (last.plan !== plan) {
      const sample =
        endMs <= startMs
          ? noSample
          : sampleAt(todayPlan(question, startMs, endMs), rule, kpi, held, endMs)
      last = { plan, sample }
    }
    yield { atMs, sample: last.sample }
  }
}

/** States in progress were contributed up to the last quarter-hour of the read's log time: only later ticks have an open part. */
function sampleAt(
  plan: ReadingPlan,
  rule: WindowedRule,
  kpi: Kpi,
  { values, open, asOfMs }: Held,
  atMs: EpochMs,
): Sample {
  const hasOpenPart = atMs >= bucketStart(asOfMs, slotMs)
  const answer = {
    values: plan.keys.map((key) => values.get(key) ?? null),
    open: plan.open.map((question) => (hasOpenPart && open.get(placeOf(question))) || nothingOpen),
    asOfMs: atMs,
  }
  return sampleOf(rule, evaluate(plan, answer).get(kpi.id))
}
