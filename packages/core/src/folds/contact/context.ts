import type { ConfigHistory } from '../../config/business-time.ts'
import type { TenantConfig } from '../../config/tenant-config.ts'
import type { CanonicalEvent } from '../../events/event.ts'
import { dimensionSet, type DimensionSet } from '../../measures/dimension-set.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Moment, Row } from '../../subjects/row.ts'
import type { RowSet } from '../../subjects/row-set.ts'
import { countsAsRequest, type ContactState } from './state.ts'

/**
 * What a step of the contact fold works on. `config` is the version in force at the step's time. `opening` is the contact's first `contact.opened`,
 * wherever it stands in the timeline: it says what the whole contact is. `null`: the contact has none. Of a thread's later sessions it is the event that begins it.
 */
export type ContactContext = {
  readonly state: ContactState
  readonly rows: RowSet
  opening: CanonicalEvent | null
  config: TenantConfig
  /** As it is known at the log time of the fold. */
  history: ConfigHistory
}

/** Where something is credited (semantics 5); nobody is `none`, a real slice. */
export type Credit = { readonly queue: string | null; readonly agent: string | null }

/** Credit as things stand: the queue that holds the contact, and its owner. */
export function currentCredit(state: ContactState): Credit {
  return { queue: state.queue, agent: state.owner }
}

/** The queue that holds it, and its owner, else the last human who wrote; of a call, who was on it. */
export function humanCredit({ queue, owner, lastHuman }: ContactState): Credit {
  return { queue, agent: owner ?? lastHuman }
}

export function creditOf(state: ContactState, credit: Credit): DimensionSet {
  const { channel, class: channelClass, attributes } = state
  return dimensionSet(
    { queue: credit.queue ?? 'none', agent: credit.agent ?? 'none', channel, class: channelClass },
    attributes,
  )
}

/** An instant, credited as things stand. */
export function momentOf({ state }: ContactContext, atMs: EpochMs): Moment {
  return { atMs, credit: creditOf(state, currentCredit(state)) }
}

/** Tells a row, if contacts like it count by now (`countsAsRequest`). */
export function putRow({ state, rows }: ContactContext, row: Row): void {
  if (countsAsRequest(state)) rows.put(row)
}

/** After a change of the contact's attributes: the last word counts for the whole contact. */
export function restateAttributes({ state, rows }: ContactContext): void {
  const { attributes } = state
  rows.credit((credit, isOfInstant) =>
    dimensionSet(credit, isOfInstant ? { ...attributes, topic: credit.topic } : attributes),
  )
}
