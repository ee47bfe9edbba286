import * as z from 'zod'
import { type CanonicalEvent, eventTypes } from '@deskpulse/core/events'
import { refusalPageKey, refusalsKey } from '@deskpulse/core/state'
import { foldRefusalCodeNames } from '../errors/refusals.ts'
import { shaped } from './shaped.ts'

/**
 * Of what the folds refused, a tenant's last `listedMax` are listed: at most about 2.6 MB, as an event's data is left out past `dataBytesMax` (of the whole
 * canonical event) and its names are short. Full pages stand in a ring, the page that is being filled in the head.
 */
export const refusalLimits = {
  listedMax: 1_000,
  perPage: 50,
  dataBytesMax: 2_048,
  reasonCharactersMax: 200,
} as const

const { listedMax, perPage } = refusalLimits
const pages = listedMax / perPage

/** Why an accepted entry of the log is not counted, and where it stands in the log. */
const listedSchema = z.object({
  /** Log time. */
  atMs: z.number(),
  code: z.enum(foldRefusalCodeNames),
  reason: z.string(),
  partition: z.int(),
  offset: z.int(),
  index: z.int(),
  /** Pseudonymised, as the log has it. `null`: the entry is no event. `data: null`: it is too large to be listed. */
  event: z
    .object({
      type: z.enum(eventTypes),
      source: z.string(),
      id: z.string(),
      timeMs: z.number(),
      sequence: z.string(),
      data: z.record(z.string(), z.unknown()).nullable(),
    })
    .nullable(),
})
export type ListedRefusal = z.infer<typeof listedSchema>

const pageSchema = z.array(listedSchema)
const headSchema = z.object({ total: z.int(), filling: pageSchema })

/** `total`: all that were ever refused. `filling`: the page that is not full. */
export type RefusalHead = z.infer<typeof headSchema>

/** An event as it is listed. `bytes`: its canonical form. */
export function listedEvent(
  { type, source, id, timeMs, sequence, data }: CanonicalEvent,
  bytes: Uint8Array,
): ListedRefusal['event'] {
  return {
    type,
    source,
    id,
    timeMs,
    sequence,
    data: bytes.length <= refusalLimits.dataBytesMax ? data : null,
  }
}

export const encodeRefusalHead = (head: RefusalHead): Uint8Array =>
  Buffer.from(JSON.stringify(head), 'utf8')
/** @throws EntryUnreadable */
export const decodeRefusalHead = (bytes: Uint8Array): RefusalHead =>
  shaped(headSchema, bytes, 'head of refusals')

export const encodeRefusalPage = (page: readonly ListedRefusal[]): Uint8Array =>
  Buffer.from(JSON.stringify(page), 'utf8')
/** @throws EntryUnreadable */
export const decodeRefusalPage = (bytes: Uint8Array): readonly ListedRefusal[] =>
  shaped(pageSchema, bytes, 'page of refusals')

/** Where the page stands whose last refusal is the one of this number, counted from 0. */
export const pageOfRefusal = (number: number): number => Math.floor(number / perPage) % pages

/** The head, then every page of the ring. */
export function refusalKeys(tenant: string): readonly string[] {
  return [
    refusalsKey(tenant),
    ...Array.from({ length: pages }, (_, page) => refusalPageKey(tenant, page)),
  ]
}

/** What is listed, the newest first, each with its number, counted from 0 since the log began. `ring`: all pages, `null` where none was ever full. */
export function* refusalsNewestFirst(
  { total, filling }: RefusalHead,
  ring: readonly (readonly ListedRefusal[] | null)[],
): Generator<{ readonly number: number; readonly refusal: ListedRefusal }> {
  const oldest = Math.max(0, total - listedMax)
  const full = total - filling.length
  for (let number = total - 1; number >= oldest; number -= 1) {
    const refusal =
      number >= full ? filling[number - full] : ring[pageOfRefusal(number)]?.[number % perPage]
    if (refusal !== undefined) yield { number, refusal }
  }
}
