import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { type EpochMs, secondMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { tenant } from './folded.ts'

/** An event of a history that is made up, before it has an id, a source and an instant. */
export type Draft = Undated & { readonly second: number }
export type Undated = { readonly type: EventType; readonly data: EventData }

/** What events of each type may say. */
type DataOf = Readonly<Partial<Record<EventType, fc.Arbitrary<EventData>>>>

export const one = <Value>(...values: readonly Value[]): fc.Arbitrary<Value> =>
  fc.constantFrom(...values)

export const maybe = <Value>(...values: readonly Value[]): fc.Arbitrary<Value | undefined> =>
  one(undefined, ...values)

export const agentIds = ['a-1', 'a-2']

/** Of currencies with and without a minor unit; also of nothing, and more than a thousand million. */
export const anyMoney = fc.record({
  amountMinor: one(0, 1, 12_900, 500, 999_999_999_999),
  currency: one('CNY', 'CNY', 'CNY', 'JPY', 'KWD'),
})

type Kind = readonly [EventType, fc.Arbitrary<EventData>]
export const kindsOf = (data: DataOf): Kind[] => Object.entries(data) as Kind[]

export function eventOf([type, data]: Kind): fc.Arbitrary<Undated> {
  return data.map((given) => ({ type, data: given }))
}
export function anyOf(data: DataOf): fc.Arbitrary<Undated> {
  return fc.oneof(...kindsOf(data).map(eventOf))
}

/** An instant, so many seconds after the begin. */
export const dueAt = (second: number, startMs: number): string =>
  new Date(startMs + second * secondMs).toISOString()

export function canonical(
  { type, data, second }: Draft,
  index: number,
  startMs: number,
): CanonicalEvent {
  const given = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))
  // Several sources tick at once, and not all of them number their events.
  const source = index % 3 === 0 ? '/phone' : '/chat'
  const sequence = index % 2 === 0 ? '0' : String(index)
  return {
    type,
    id: `e-${index}`,
    source,
    sequence,
    tenant,
    timeMs: (startMs + second * secondMs) as EpochMs,
    data: given,
  }
}
