import type { TenantConfig } from '../../config/tenant-config.ts'
import type { CanonicalEvent } from '../../events/event.ts'
import { dimensionSet, type DimensionSet } from '../../measures/dimension-set.ts'
import type { Fact, FactScope, Measure } from '../../measures/measure.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Ledger } from '../ledger.ts'
import { countsAsRequest, type ContactState } from './state.ts'

/**
 * What a step of the contact fold works on. `config` is the version in force at the step's time. `opening` is the contact's first `contact.opened`,
 * wherever it stands in the timeline: it says what the whole contact is. `null`: the contact has none.
 */
export type ContactContext = {
  readonly state: ContactState
  readonly ledger: Ledger
  readonly opening: CanonicalEvent | null
  config: TenantConfig
}

/** Where a fact is credited (semantics 5); nobody is `none`, a real slice. */
export type Credit = { readonly queue: string | null; readonly agent: string | null; readonly scope?: FactScope }

/** Credit as things stand: the queue that holds the contact, and its owner. */
export function currentCredit(state: ContactState): Credit {
  return { queue: state.queue, agent: state.owner }
}

export function factDimensions(state: ContactState, credit: Credit): DimensionSet {
  const { channel, class: channelClass, attributes } = state
  return dimensionSet({ queue: credit.queue ?? 'none', agent: credit.agent ?? 'none', channel, class: channelClass }, attributes)
}

/** Writes one fact of the contact, if contacts like it count by now (`countsAsRequest`). */
export function putFact(context: ContactContext, id: string, measure: Measure, atMs: EpochMs, value: number, credit: Credit): void {
  if (!countsAsRequest(context.state)) return
  const fact: Fact = { id, measure, atMs, value, dimensions: factDimensions(context.state, credit), scope: credit.scope ?? 'both' }
  context.ledger.put(fact)
}

/** The ids of facts whose topic is that of their instant; all others follow the contact's last one. */
export const fcrFactIds = { due: 'fcr-due', solved: 'fcr-solved', identified: 'fcr-identified' } as const
const fixedIds: ReadonlySet<string> = new Set(Object.values(fcrFactIds))

/** After a change of the contact's attributes: the last word counts for the whole contact. */
export function restateAttributes(context: ContactContext): void {
  for (const fact of [...context.ledger.facts.values()]) {
    const { attributes } = context.state
    const restated = fixedIds.has(fact.id) ? { ...attributes, topic: fact.dimensions.topic } : attributes
    context.ledger.put({ ...fact, dimensions: dimensionSet(fact.dimensions, restated) })
  }
}
