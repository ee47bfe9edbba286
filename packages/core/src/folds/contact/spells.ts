import { dayMs, type EpochMs } from '../../time/time.ts'
import type { Spell } from '../customer/session.ts'
import type { ContactContext } from './context.ts'
import type { ContactState } from './state.ts'

/** So long after a message to the customer a payment is still due to it. */
export const adviceMs = dayMs

/** A human wrote to the customer: on with the spell of that agent, or the next one. */
export function noteWritten({ state }: ContactContext, atMs: EpochMs, agent: string | null): void {
  const spells = state.spells ?? []
  const last = spells.at(-1)
  const goesOn = last?.agent === agent && atMs <= last.lastMs! + adviceMs
  const spell = goesOn ? { ...last, lastMs: atMs } : { agent, firstMs: atMs, lastMs: atMs }
  state.spells = [...(goesOn ? spells.slice(0, -1) : spells), spell]
}

/** As customers are told: of what goes on only that it does, so that they are not told of each message. */
export function spellsAt(state: ContactState, nowMs: EpochMs): readonly Spell[] {
  const { spells } = state
  if (spells === null) return []
  return endsMs(state) > nowMs
    ? [...spells.slice(0, -1), { ...spells.at(-1)!, lastMs: null }]
    : spells
}

/** Until when the last spell of an open contact goes on, if nothing more is written. */
export function endsMs({ phase, spells }: ContactState): number {
  return phase !== 'open' || spells === null ? -Infinity : spells.at(-1)!.lastMs! + adviceMs
}
