import { type AlertTransition, clockSubject, pipelineSubject } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { type LedgerChange, type LedgerReads, noChange } from '../../partition/ledger.ts'
import { clockKey, windowsKey } from '../keys.ts'
import { type ClockState, decodeClock, encodeClock, newClockState } from './clock.ts'
import { factsOf } from './decide-windows.ts'
import {
  decodeWindows,
  encodeWindows,
  entryKey,
  newWindows,
  type WindowEntry,
  type WindowsState,
} from './windows-state.ts'

/**
 * What the topic says of the evaluator's own alerts, and its state does not know: the state was lost, or put back. It goes on with them as if it had
 * begun them, under their numbers. What it knows is as it knows it: its own words come back to it later than it wrote them.
 */
export async function adoptions(
  transitions: readonly AlertTransition[],
  reads: LedgerReads,
): Promise<LedgerChange> {
  const own = transitions.filter(
    ({ kind, subject }) => kind === 'windowed' || subject === pipelineSubject,
  )
  const tenants = [...new Set(own.map(({ tenant }) => tenant))]
  const stored = await reads.values(tenants.map(windowsKey))
  const puts = tenants.flatMap((tenant, index) => {
    const before = stored[index] ? decodeWindows(stored[index]) : newWindows(reads.nowMs)
    const after = own.reduce(
      (windows, transition) =>
        transition.tenant === tenant ? adopted(windows, transition) : windows,
      before,
    )
    return after === before ? [] : [{ key: windowsKey(tenant), bytes: encodeWindows(after) }]
  })
  return { ...noChange, puts: [...puts, ...(await clockAdoptions(transitions, reads))] }
}

async function clockAdoptions(
  transitions: readonly AlertTransition[],
  reads: LedgerReads,
): Promise<LedgerChange['puts']> {
  const own = transitions.filter(({ subject }) => subject === clockSubject)
  if (own.length === 0) return []
  const [stored] = await reads.values([clockKey])
  const before = stored ? decodeClock(stored) : null
  const after = own.reduce(withClock, before)
  return after === before
    ? []
    : [{ key: clockKey, bytes: encodeClock(after ?? newClockState(reads.nowMs)) }]
}

/** `null`: there is no state. */
export function withClock(
  clock: ClockState | null,
  transition: AlertTransition,
): ClockState | null {
  const { rule, number, status, sinceMs, startedMs } = transition
  if (status === 'firing') {
    if (clock !== null && number <= clock.number) return clock
    return {
      number,
      seenMs: sinceMs,
      active: { rule, sinceMs, startedMs, facts: factsOf(transition) },
    }
  }
  return clock !== null && clock.active !== null && clock.number === number
    ? { ...clock, active: null }
    : clock
}

/** `windows` itself when it knows the alert. */
function adopted(windows: WindowsState, transition: AlertTransition): WindowsState {
  return transition.kind === 'windowed'
    ? withWindowed(windows, transition)
    : withPipeline(windows, transition)
}

function withWindowed(windows: WindowsState, transition: AlertTransition): WindowsState {
  const { rule, slice, detectedMs } = transition
  const key = entryKey(rule, slice)
  const before = windows.entries[key]
  const entry =
    transition.status === 'firing'
      ? begun(before, transition, windows.floor)
      : ended(before, transition)
  if (entry === before || entry === undefined) return windows
  const decidedMs = Math.max(windows.decidedMs ?? 0, detectedMs) as EpochMs
  return { ...windows, entries: { ...windows.entries, [key]: entry }, decidedMs }
}

function begun(
  before: WindowEntry | undefined,
  transition: AlertTransition,
  floor: number,
): WindowEntry | undefined {
  const { rule, slice, number, sinceMs, startedMs, value } = transition
  if (!isNew(number, before?.state.number, floor)) return before
  return {
    rule,
    slice,
    state: { number, phase: 'firing', asks: null, sinceMs, startedMs, value },
    facts: factsOf(transition),
  }
}

function ended(
  before: WindowEntry | undefined,
  { number }: AlertTransition,
): WindowEntry | undefined {
  const isActive = before?.state.phase === 'firing' || before?.state.phase === 'recovering'
  return isActive && before.state.number === number
    ? { ...before, state: { number, phase: 'ok' }, facts: null }
    : before
}

function withPipeline(windows: WindowsState, transition: AlertTransition): WindowsState {
  const { rule, number, status, sinceMs, startedMs } = transition
  const { pipeline, floor } = windows
  if (status === 'resolved') {
    return pipeline.active !== null && pipeline.number === number
      ? { ...windows, pipeline: { number, active: null } }
      : windows
  }
  if (!isNew(number, pipeline.number, floor)) return windows
  return {
    ...windows,
    pipeline: { number, active: { rule, sinceMs, startedMs, facts: factsOf(transition) } },
  }
}

/** A state that stands at its floor never began one: its floor is of a later time than the numbers of the one before. */
const isNew = (number: number, known: number | undefined, floor: number): boolean =>
  known === undefined || known === floor || number > known
