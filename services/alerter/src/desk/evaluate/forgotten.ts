import { type AlertTransition, clockSubject, type EpochMs, pipelineSubject } from '@deskpulse/core'
import type { LedgerReads } from '../../partition/ledger.ts'
import { clockKey, windowsKey } from '../keys.ts'
import { decodeClock } from './clock.ts'
import { decodeWindows, entryKey, type WindowsState } from './windows-state.ts'

/** Whether an alert fires that nobody would ever end. */
export type IsForgotten = (transition: AlertTransition) => boolean

/**
 * The evaluator ends what it began, by what it remembers. An alert of its own that the topic holds and it does not know was begun by a state that was
 * lost, or put back; or its end is on the way.
 */
export async function forgottenAmong(transitions: readonly AlertTransition[], reads: LedgerReads): Promise<IsForgotten> {
  const tenants = [...new Set(transitions.filter(isEvaluated).map(({ tenant }) => tenant))]
  const [clock = null, ...stored] = await reads.values([clockKey, ...tenants.map(windowsKey)])
  const clockState = clock === null ? null : decodeClock(clock)
  const windows = new Map(tenants.map((tenant, index) => [tenant, stored[index] ? decodeWindows(stored[index]) : null]))
  return (transition) => {
    if (!isEvaluated(transition)) return false
    const { subject, number, tenant } = transition
    if (subject === clockSubject) return clockState?.active === null || clockState?.number !== number
    return !isKnown(transition, windows.get(tenant) ?? null)
  }
}

const isEvaluated = ({ kind, subject, status }: AlertTransition): boolean =>
  status === 'firing' && (kind === 'windowed' || subject === pipelineSubject || subject === clockSubject)

function isKnown({ kind, rule, slice, number }: AlertTransition, windows: WindowsState | null): boolean {
  if (windows === null) return false
  if (kind === 'deadline') return windows.pipeline.active?.rule === rule && windows.pipeline.number === number
  const state = windows.entries[entryKey(rule, slice)]?.state
  return state?.number === number && (state.phase === 'firing' || state.phase === 'recovering')
}

/** Its end. One that was on the way comes before it, and stands. */
export function withdrawalOf(begun: AlertTransition, nowMs: EpochMs): AlertTransition {
  const endedMs = Math.max(begun.startedMs, nowMs) as EpochMs
  return { ...begun, status: 'resolved', endedMs, end: 'withdrawn', detectedMs: nowMs }
}
