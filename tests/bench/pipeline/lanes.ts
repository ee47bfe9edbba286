import { partitionOf } from '@deskpulse/stream'
import { wireEvents } from '../data/events.ts'

/** One tenant's events on their way: texts in two halves, between which the time is put as they are sent. */
export type Lane = {
  readonly tenant: string
  readonly events: readonly {
    readonly simulatedMs: number
    readonly head: string
    readonly tail: string
  }[]
  /** Places of the openings of contacts, which a reader of `contacts_opened` can count. */
  readonly openings: readonly number[]
}

/** Tenants of one run, one in each partition: nothing of an earlier run is in their state. */
export function tenantsOf(run: string, partitions: number): readonly string[] {
  const found = new Map<number, string>()
  for (let number = 1; found.size < partitions; number++) {
    const tenant = `${run}-${number}`
    const partition = partitionOf(tenant, partitions)
    if (!found.has(partition)) found.set(partition, tenant)
  }
  return [...found.values()]
}

const agentsPerTenant = 50

/**
 * At most `count` simulated events; the last one opens a contact, so that whoever sees it knows that all were taken in.
 * @throws RangeError when no contact is opened among so few.
 */
export function laneOf(tenant: string, seed: number, count: number): Lane {
  const wire = wireEvents(count, { tenant, seed, agents: agentsPerTenant })
  const openings = wire.flatMap(({ type }, place) =>
    type === 'deskpulse.contact.opened.v1' ? [place] : [],
  )
  const last = openings.at(-1)
  if (last === undefined)
    throw new RangeError(`${count} events open no contact: there is nothing to be seen`)
  const events = wire.slice(0, last + 1).map((event) => {
    const text = JSON.stringify(event)
    const start = text.indexOf(timeField) + timeField.length
    return {
      simulatedMs: Date.parse(event.time),
      head: text.slice(0, start),
      tail: text.slice(start + event.time.length),
    }
  })
  return { tenant, events, openings }
}

const timeField = '"time":"'

/** NDJSON of the events from `from` to before `to`; `atMs` tells when each of them happens. */
export function linesOf(
  { events }: Lane,
  from: number,
  to: number,
  atMs: (place: number) => number,
): string {
  let lines = ''
  for (let place = from; place < to; place++) {
    const { head, tail } = events[place]!
    lines += `${head}${new Date(atMs(place)).toISOString()}${tail}\n`
  }
  return lines
}

/** History as a reader of the last hour still sees it half an hour later. */
const historyMsMax = 30 * 60_000

/** When an event happened, if the last one of its lane happened at `endMs`: as far apart as they were simulated, or closer where that is too long ago. */
export function historyAtMs({ events }: Lane, endMs: number, place: number): number {
  const lastMs = events.at(-1)!.simulatedMs
  const scale = Math.min(1, historyMsMax / (lastMs - events[0]!.simulatedMs))
  return endMs - (lastMs - events[place]!.simulatedMs) * scale
}

/** When the event at `place` is due at a fixed rate; Infinity per second: at once. */
export const dueAtMs = (startMs: number, place: number, perSecond: number): number =>
  startMs + (1_000 * place) / perSecond

/** How many events are due at `nowMs`, of `count`. */
export function dueCount(startMs: number, nowMs: number, perSecond: number, count: number): number {
  if (nowMs < startMs) return 0
  return perSecond === Infinity
    ? count
    : Math.min(count, Math.floor(((nowMs - startMs) * perSecond) / 1_000) + 1)
}
