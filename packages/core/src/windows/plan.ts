import type { TenantHistory } from '../config/business-time.ts'
import type { TenantConfig } from '../config/tenant-config.ts'
import { agentTime } from '../families/agent-time.ts'
import { clockOf } from '../kpis/clock.ts'
import { type Kpi, openMembersMax } from '../kpis/kpi.ts'
import type { Asked } from '../kpis/value.ts'
import { retentionMs } from '../measures/retention.ts'
import type { RunningMinutes } from '../measures/running-minutes.ts'
import type { OpenQuestion } from '../open/held-open.ts'
import type { Slice } from '../slices/slice.ts'
import { closedKey, type OpenKind } from '../state/keys.ts'
import { type ClosedKind, isClosedKind, isSubDay, type Period, periodAt } from '../time/periods.ts'
import { bucketStart, type EpochMs, type Interval, minuteMs, slotMs } from '../time/time.ts'
import { isTrailing } from '../time/trailing.ts'
import { type Cell, periodCells, windowCells } from './cells.ts'
import { openTimeKinds } from './open-time.ts'
import { type Part, partsOf } from './parts.ts'
import { type LiveWindow, windowInterval } from './window.ts'

/** What is asked of one slice of one tenant. */
export type SliceQuestion = Asked & {
  readonly tenant: string
  readonly slice: Slice
  /** Its number in `slices:<tenant>`; `undefined`: nothing was ever counted there. */
  readonly sliceId: number | undefined
  /** In force at the moment of the read. */
  readonly config: TenantConfig
  /** All that was in force before it. */
  readonly history: TenantHistory
  readonly kpis: readonly Kpi[]
  /** Of `running:<tenant>`, which has to be the same at the moment of the read: else plan again. */
  readonly running: RunningMinutes
}

/**
 * What to read for a question, and how to understand the answer. `keys` go to one consistent read, `open` to what it brings of `open:<tenant>`,
 * `backlog:<tenant>` and its members (`HeldOpen`); the results go to `evaluate` in the same order.
 */
export type ReadingPlan = {
  readonly question: SliceQuestion
  readonly keys: readonly string[]
  readonly open: readonly OpenQuestion[]
  readonly startMs: EpochMs
  /** `null`: up to the moment of the read. */
  readonly endMs: EpochMs | null
  /** The kind of period that it is; `null`: none of which distinct counts are kept. */
  readonly period: ClosedKind | null
  readonly cells: readonly Cell[]
  /** What the keys are (`Parts`). */
  readonly parts: readonly Part[]
  /** So many keys at the end are those of what was issued of the period, or of its days, which then is the answer. */
  readonly issuedKeys: number
  /** The buckets of the period are no longer kept. */
  readonly isGone: boolean
  /** At log times in here another plan would be the same; the read's own log time must be one of them (`isCurrent`), else plan again. */
  readonly valid: Interval
}

const forever = Number.POSITIVE_INFINITY as EpochMs
const never = Number.NEGATIVE_INFINITY as EpochMs

export function isCurrent({ valid }: ReadingPlan, logTimeMs: EpochMs): boolean {
  return logTimeMs >= valid.startMs && logTimeMs < valid.endMs
}

/** The plan for a live window at a log time: measures of its buckets, and what is open now. */
export function livePlan(
  question: SliceQuestion,
  window: LiveWindow,
  logTimeMs: EpochMs,
): ReadingPlan {
  const { localTime } = question.history
  const minuteStartMs = bucketStart(logTimeMs, minuteMs)
  const valid =
    window === 'today'
      ? periodAt('day', logTimeMs, localTime)
      : { startMs: minuteStartMs, endMs: (minuteStartMs + minuteMs) as EpochMs }
  const { startMs } = windowInterval(window, logTimeMs, localTime)
  const cells = windowCells(window, logTimeMs, localTime)
  const period = window === 'today' && cells.length === 1 ? 'day' : null // Parts of a day do not add up to distinct counts.
  return plan(
    question,
    { startMs, endMs: null, period, isGone: false, valid },
    cells,
    openNeeds(question, true),
  )
}

/** The plan for a period of the tenant's zone. KPIs of the moment have no value in it; agent states in progress have a part in the running one. */
export function periodPlan(
  question: SliceQuestion,
  period: Period,
  logTimeMs: EpochMs,
): ReadingPlan {
  const { startMs, endMs } = period
  const cells = periodCells(period, question.history.localTime, logTimeMs)
  const isRunning = startMs <= logTimeMs && logTimeMs < endMs
  const frame = {
    ...{ startMs, endMs, isGone: cells === null, valid: phaseOf(period, logTimeMs) },
    period: isClosedKind(period.kind) ? period.kind : null,
  }
  const needs = isRunning ? openNeeds(question, false) : new Map()
  const planned = plan(question, frame, cells ?? [], needs)
  return withIssued(planned, period, logTimeMs)
}

/** The same plan, which also looks for what was issued of a period that is over: of a trailing one, of its days. */
function withIssued(
  planned: ReadingPlan,
  { kind, startMs, endMs }: Period,
  logTimeMs: EpochMs,
): ReadingPlan {
  const { tenant, sliceId } = planned.question
  if (sliceId === undefined || endMs > logTimeMs) return planned
  const keys = isClosedKind(kind)
    ? [closedKey(tenant, sliceId, kind, startMs)]
    : isTrailing(kind)
      ? planned.cells.map((day) => closedKey(tenant, sliceId, 'day', day.startMs))
      : []
  return { ...planned, keys: [...planned.keys, ...keys], issuedKeys: keys.length }
}

/** A period is to come, runs, is over, and (when it needs slots) is gone. */
function phaseOf(period: Period, logTimeMs: EpochMs): Interval {
  const firstSlotEndMs = bucketStart(period.startMs, slotMs) + slotMs
  const goneMs = (isSubDay(period.kind) ? firstSlotEndMs + retentionMs.slot : forever) as EpochMs
  const ends = [never, period.startMs, period.endMs, goneMs, forever]
  const next = ends.findIndex((endMs) => logTimeMs < endMs)
  return { startMs: ends[next - 1] ?? never, endMs: ends[next] ?? forever }
}

type Needs = ReadonlyMap<OpenKind, Pick<OpenQuestion, 'members' | 'aging'>>

function openNeeds(question: SliceQuestion, isNow: boolean): Needs {
  const { kpis, history, clock = null } = question
  const needs = new Map<OpenKind, Pick<OpenQuestion, 'members' | 'aging'>>()
  for (const kpi of isNow ? kpis : []) {
    for (const { kind, members, isAged = false } of kpi.open) {
      const known = needs.get(kind)
      // All of them are on one clock: that of the slice, or the one asked for; each on its own where no clock runs in the KPI.
      const aging = isAged
        ? { clock: clockOf(kpi, clock, question) ?? 'class', history }
        : known?.aging
      needs.set(kind, { members: Math.max(members, known?.members ?? 0), aging })
    }
  }
  if (kpis.some((kpi) => kpi.measures.some(({ family }) => family === agentTime.number)))
    for (const kind of openTimeKinds) needs.set(kind, { members: openMembersMax })
  return needs
}

type Frame = Pick<ReadingPlan, 'startMs' | 'endMs' | 'period' | 'isGone' | 'valid'>

function plan(
  question: SliceQuestion,
  frame: Frame,
  cells: readonly Cell[],
  needs: Needs,
): ReadingPlan {
  const { tenant, sliceId, kpis, running } = question
  if (sliceId === undefined)
    return { question, ...frame, keys: [], open: [], cells, parts: [], issuedKeys: 0 }
  const open = [...needs].map(([kind, need]) => ({ tenant, slice: sliceId, kind, ...need }))
  // Of a period that is over, what is counted says whether its row is closed.
  if (frame.endMs === null && kpis.every((kpi) => kpi.measures.length === 0))
    return { question, ...frame, keys: [], open, cells, parts: [], issuedKeys: 0 }
  const { keys, parts } = partsOf(tenant, sliceId, cells, running)
  return { question, ...frame, keys, open, cells, parts, issuedKeys: 0 }
}
