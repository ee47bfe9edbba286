import type { EndedOffer } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'
import { creditOf, putRow, type ContactContext } from './context.ts'
import { partOf } from './engagement.ts'
import { countsAsRequest, isWithBotAlone, type Ringing } from './state.ts'

/** `contact.presented`: it rings for an agent. Told again while it does, it is the same. */
export function present({ state }: ContactContext, agent: string, atMs: EpochMs): void {
  const ringing = state.ringing ?? []
  if (!ringing.some((one) => one.agent === agent))
    state.ringing = [...ringing, { agent, sinceMs: atMs }]
}

/** `contact.declined`, also of a presentation whose beginning nobody told. */
export function decline(
  context: ContactContext,
  agent: string,
  reason: string | undefined,
  atMs: EpochMs,
): void {
  const how = reason === 'withdrawn' ? 'withdrawn' : 'missed'
  endOffer(context, takeRinging(context, agent) ?? { agent, sinceMs: null }, { atMs, how, reason })
}

/** The contact is assigned to an agent: who else is presented with it is no longer. @returns which offer that accepted; `undefined`: it was none. */
export function acceptOffer(
  context: ContactContext,
  agent: string,
  atMs: EpochMs,
): number | undefined {
  if (context.state.ringing === null) return undefined
  const accepted = takeRinging(context, agent)
  withdrawOffers(context, atMs)
  return accepted === null ? undefined : endOffer(context, accepted, { atMs, how: 'accepted' })
}

/** The contact leaves its queue, or is over: it rings for nobody any more. */
export function withdrawOffers(context: ContactContext, atMs: EpochMs): void {
  const { ringing } = context.state
  context.state.ringing = null
  for (const one of ringing ?? []) endOffer(context, one, { atMs, how: 'withdrawn' })
}

/** The queue that the contact was assigned from is told only now. */
export function creditOfferLate(context: ContactContext, ordinal: number, queue: string): void {
  const { state, rows } = context
  const row = rows.get(`offer/${ordinal}`)
  if (row?.grain !== 'offer' || row.ended.credit.queue !== 'none') return
  const credit = creditOf(state, { queue, agent: row.agent })
  putRow(context, { ...row, ended: { ...row.ended, credit } })
}

function takeRinging({ state }: ContactContext, agent: string): Ringing | null {
  const found = state.ringing?.find((one) => one.agent === agent) ?? null
  if (found === null) return null
  const others = state.ringing!.filter((one) => one !== found)
  state.ringing = others.length === 0 ? null : others
  return found
}

type End = Pick<EndedOffer, 'atMs' | 'how'> & { readonly reason?: string | undefined }

/** Nobody is blamed for what a bot alone had, or nobody asked for. @returns its ordinal; `undefined`: it does not count. */
function endOffer(
  context: ContactContext,
  { agent, sinceMs }: { readonly agent: string; readonly sinceMs: EpochMs | null },
  { atMs, how, reason }: End,
): number | undefined {
  const { state } = context
  if (!countsAsRequest(state) || isWithBotAlone(state)) return undefined
  const ordinal = state.offerCount
  state.offerCount += 1
  const credit = creditOf(state, { queue: state.queue, agent })
  const ended = { atMs, credit, how, reason: reason ?? null }
  putRow(context, { grain: 'offer', ordinal, agent, sinceMs, ended })
  const part = partOf(state, agent)
  if (how === 'accepted') (part.acceptedMs ??= []).push(atMs)
  if (how === 'missed') (part.missedMs ??= []).push(atMs)
  return ordinal
}

/** A bot had the contact all along: what seemed to be offers were none. */
export function forgetOffers({ state }: ContactContext): void {
  state.offerCount = 0
  for (const part of Object.values(state.agents)) {
    delete part.acceptedMs
    delete part.missedMs
  }
}
