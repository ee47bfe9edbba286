import type { CanonicalEvent, EventData, Money } from '../../events/event.ts'
import type { EventType } from '../../events/types.ts'
import { type DimensionSet, dimensionSet } from '../../measures/dimension-set.ts'
import type { DimensionValues } from '../../measures/measure.ts'
import type { LocalTime } from '../../time/local-time.ts'
import { dayMs, type EpochMs, hourMs } from '../../time/time.ts'
import type { EngagementChange } from '../../folds/agent/engagement.ts'
import type { ContractStep } from '../../folds/customer/contract-counts.ts'
import type { Purchase } from '../../folds/customer/sales.ts'
import type { OpenSubject } from '../../folds/open-subject.ts'
import type { AppealRow } from '../../open/entry.ts'
import type { Exclusion } from '../exclusion.ts'
import type { Moment, Row } from '../row.ts'

/** What a subject tells at a log time. */
export type OwnIdTold = {
  readonly rows: readonly Row[]
  /** It is about an instant ahead of its events: what it tells changes then, and it is kept for longer. Absent: it is not. */
  readonly aheadMs?: EpochMs
  /** What stands open of it for readers. Absent: nothing. */
  readonly open?: OpenSubject
  /** What others are to know. Absent: nothing. */
  readonly tells?: readonly Telling[]
}

/** Subjects that events name by an id of their own. Each is folded anew from its few events. */
export type OwnIdKind = {
  /** Stands in keys: for good. */
  readonly name: string
  /** All events of the subject; every one of them names it. Those that name a contact that is their home are the contact’s. */
  readonly types: readonly EventType[]
  readonly idOf: (data: EventData, event: CanonicalEvent) => string
  /** It stands for good: it takes events, and is kept, however long ago the last one came. */
  readonly isLasting?: true
  /** `events`: in the order of the timeline, at least one. `nowMs`: log time. `localTime`: of the tenant, as it is known then. `heard`: what others told it, in an order of its own. */
  readonly tell: (
    events: readonly CanonicalEvent[],
    nowMs: EpochMs,
    localTime: LocalTime,
    heard?: readonly Said[],
  ) => OwnIdTold
  /** What it asks, by its events alone; `null`: nothing. Absent: it never asks. */
  readonly asks?: (events: readonly CanonicalEvent[]) => Inquiry | null
  /** How it stands as an appeal, by its events alone; `null`: it was not filed. Absent: it is no appeal. */
  readonly appeals?: (events: readonly CanonicalEvent[], localTime: LocalTime) => Appeal | null
  /** What its last event tells days of its agent. Absent: nothing. */
  readonly ofAgent?: ForAgentDays
  /** By how much it changes, and when, how many customers of the tenant are under contract, by its events alone. Absent: it does not. */
  readonly steps?: (events: readonly CanonicalEvent[]) => readonly ContractStep[]
}

/** `row`: of which no contact has said yet that it is kept. `contacts`: those that it is about, each with what of it is left out; `null`: nothing. */
export type Appeal = {
  readonly row: AppealRow
  readonly contacts: readonly { readonly contactId: string; readonly excluded: Exclusion | null }[]
}

/** UTC days of the agent that events name are told of them, each once it has begun: an agent's day that has not begun does not exist. */
export type ForAgentDays = {
  /** Those that an event names, ascending. */
  readonly daysOf: (event: CanonicalEvent) => readonly number[]
  readonly says: (event: CanonicalEvent) => EngagementChange
  /** What undoes that. */
  readonly takesBack: (event: CanonicalEvent) => EngagementChange
}

/** Whose work it was until an instant, a contact knows; who sold an order, its customer. */
export type Inquiry =
  | { readonly of: 'contact'; readonly id: string; readonly atMs: EpochMs }
  | { readonly of: 'customer'; readonly id: string; readonly purchase: Purchase }

/**
 * What a subject with an id of its own is told. `judged`: by the contact that it asked. `sold`: by the customer that it asked, who wrote last before the order was placed, and paid; `null`: nobody that is known. `isInSession`: the payment belongs to one, whoever wrote in it.
 * `refunded`: by a refund of the order that was handled; `null`: nobody said how much. `left-out`: by an appeal about it; `null`: nothing, as nobody has granted that. `found`: to an
 * appeal, by a contact that is kept.
 */
export type Said =
  | { readonly kind: 'judged'; readonly credit: DimensionValues }
  | {
      readonly kind: 'sold'
      readonly placed: string | null
      readonly paid: string | null
      readonly isInSession: boolean
    }
  | { readonly kind: 'refunded'; readonly money: Money | null }
  | { readonly kind: 'left-out'; readonly excluded: Exclusion | null }
  | { readonly kind: 'found'; readonly contactId: string }

/** What a subject with an id of its own tells another one, of a kind that comes after its own in the list of kinds. */
export type Telling = { readonly to: string; readonly id: string; readonly said: Said }

/** The begin of the next of these UTC days; `undefined`: all have begun. */
export const nextDayMs = (utcDays: readonly number[], nowMs: EpochMs): EpochMs | undefined =>
  utcDays.map((utcDay) => (utcDay * dayMs) as EpochMs).find((startMs) => startMs > nowMs)

/** So long after midnight UTC a date begins where clocks are furthest behind. */
export const latestMs = 12 * hourMs

/** When a local date has begun everywhere: up to then a later configuration may still say where it begins. */
export const begunEverywhereMs = (date: string): EpochMs => (Date.parse(date) + latestMs) as EpochMs

/** The first event of a type; `undefined`: there is none. */
export const firstOf = (
  events: readonly CanonicalEvent[],
  type: EventType,
): CanonicalEvent | undefined => events.find((event) => event.type === type)

/** What the events say last of a field; `undefined`: nothing. */
export function lastWord<Name extends keyof EventData>(
  events: readonly CanonicalEvent[],
  name: Name,
): EventData[Name] | undefined {
  return events.findLast(({ data }) => data[name] !== undefined)?.data[name]
}

/** Credited to the agent that the events name last; nobody is `none`. */
export function agentMoment(events: readonly CanonicalEvent[], { timeMs }: CanonicalEvent): Moment {
  return { atMs: timeMs, credit: dimensionSet({ agent: lastWord(events, 'agentId') ?? 'none' }) }
}

/** Where nothing is known of a contact. */
const noContact: DimensionValues = { queue: 'none', channel: 'unknown', class: 'live' }

/** Of the contact that its events name last, until the instant of one of them. */
export function inquiryOf(
  events: readonly CanonicalEvent[],
  at: CanonicalEvent | undefined,
): Inquiry | null {
  const id = lastWord(events, 'contactId')
  return id === undefined || at === undefined ? null : { of: 'contact', id, atMs: at.timeMs }
}

/** Credited as the contact says that was asked, but to the agent that the events name last. */
export function judgedCredit(
  events: readonly CanonicalEvent[],
  heard: readonly Said[] = [],
): DimensionSet {
  const judged = heard.find((said) => said.kind === 'judged')?.credit ?? noContact
  const agent = lastWord(events, 'agentId') ?? judged.agent ?? 'none'
  return dimensionSet({ ...judged, agent }, judged)
}
