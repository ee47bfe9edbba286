import type { AlertFacts, WindowState } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { fromJsonBytes, jsonBytes } from '@deskpulse/stream'
import type { PipelineState } from './pipeline.ts'

/** What is remembered of a rule on a slice, and what its alert says while it fires: the rule may be gone when it ends. */
export type WindowEntry = {
  readonly rule: string
  readonly slice: string
  readonly state: WindowState
  readonly facts: AlertFacts | null
}

/** What is remembered of a tenant's windowed rules. */
export type WindowsState = {
  /**
   * Numbers begin after it for what is not remembered. A new record begins at the second in which it is made: a store that was lost must not
   * number alerts as it did before, since the topic may still hold those.
   */
  readonly floor: number
  readonly entries: Readonly<Record<string, WindowEntry>>
  readonly pipeline: PipelineState
  /** Log time of the last windowed transition; `null`: there was none. A state of the aggregator that was lost is not evaluated up to there again. */
  readonly decidedMs: EpochMs | null
}

/** No rule's name holds a space. */
export const entryKey = (rule: string, slice: string): string => `${rule} ${slice}`

export function newWindows(atMs: EpochMs): WindowsState {
  const floor = Math.floor(atMs / 1_000)
  return { floor, entries: {}, pipeline: { number: floor, active: null }, decidedMs: null }
}

/** What says no more than the floor is left out; beyond `max`, what is calm goes too, and the floor rises above it. */
export function compacted({ floor, entries, ...rest }: WindowsState, max: number): WindowsState {
  const named = Object.entries(entries).filter(
    ([, { state }]) => state.phase !== 'ok' || state.number > floor,
  )
  if (named.length <= max) return { floor, entries: Object.fromEntries(named), ...rest }
  const lasting = named.filter(([, { state }]) => state.phase !== 'ok')
  const raised = Math.max(floor, ...named.map(([, { state }]) => state.number))
  return { floor: raised, entries: Object.fromEntries(lasting), ...rest }
}

export const encodeWindows: (value: WindowsState) => Uint8Array = jsonBytes
export const decodeWindows: (bytes: Uint8Array) => WindowsState = fromJsonBytes
