import { decodeIssuedHead, decodeIssues, type Issue } from '@deskpulse/core/closed'
import { bucketMs, decodeSliceTable, emptySliceTable, kept } from '@deskpulse/core/measures'
import {
  backlogKey,
  backlogMembersKey,
  decodeOpen,
  decodePlace,
  issuedKey,
  openKey,
  type Resolution,
  sliceDaysKey,
  slicesKey,
  splitMember,
} from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { placeInHash } from '@deskpulse/stream'
import type { Left } from './left.ts'

/** By name, what is compared: bytes, or a readable text of them. */
export type Form = ReadonlyMap<string, Uint8Array | string>

/**
 * Every bit of what was left, for folds of the same batches. One exception: minutes and quarter-hours that log time has left behind are read by nobody, and
 * a store forgets them by its own clock.
 */
export function asStored(left: Left): Form {
  const { position, records, hashes, wakes } = left
  return new Map<string, Uint8Array | string>([
    ['position', JSON.stringify(position)],
    ...[...records].filter(([key]) => isKept(key, position.logTimeMs)),
    ...[...hashes].flatMap(([key, fields]) =>
      [...fields].map(([field, bytes]) => [`${key} ${field}`, bytes] as const),
    ),
    ...wakes.map(({ subject, atMs }) => [`wake ${subject}`, String(atMs)] as const),
    ...asTold(left),
  ])
}

/**
 * What readers see, for folds of any batches. Exceptions, each because it follows how the log was cut by its nature:
 * - `s:`, `j:`: a worker's own states and journals, packed and moved on as batches come; what they amount to is in the rest.
 * - `closing:` but for `#to`: the slices that may have to be issued, which may be more than are (decision 24).
 * - Numbers of slices, given in the order in which a batch meets them: here they are their texts. One in which all was taken back may have a number or none:
 *   here only those are in the table that count something.
 * - The order of what one record has told of several alerts; of each alert it stays.
 * - `days:`: who may have counted on a day, in any order, with repeats, and with those that took all of it back. Whoever reads one asks the states.
 */
export function asRead(left: Left, tenant: string): Form {
  const form = new Map<string, Uint8Array | string>()
  const table = left.records.get(slicesKey(tenant))
  const { texts, ...limits } = table === undefined ? emptySliceTable : decodeSliceTable(table)
  const named: Named = { tenant, textOf: (slice) => texts[Number(slice)] ?? `no slice ${slice}` }
  const days = left.records.get(sliceDaysKey(tenant))
  const daysOf = days === undefined ? [] : (JSON.parse(textOf(days)) as readonly number[])
  const counts = (_text: string, slice: number): boolean => (daysOf[slice] ?? 0) !== 0
  for (const [name, value] of asStored(left)) {
    const [kind = ''] = name.split(':')
    if (kind === 's' || kind === 'j' || kind === 'days') continue
    if (kind === 'closing' && !name.endsWith('#to')) continue
    if (kind === 'slices')
      form.set(name, JSON.stringify({ texts: texts.filter(counts).toSorted(), ...limits }))
    else if (name.startsWith('order ')) form.set(name, byAlert(textOf(value).split('\n')))
    else form.set(nameIn(name, named), valueIn(name, value, named))
  }
  return form
}

/** Ids of messages (`partition-offset-alert-status`) in order, those of one record by their alerts. */
function byAlert(ids: readonly string[]): string {
  const byRecord = Map.groupBy(ids, (id) => id.split('-', 2).join('-'))
  const alertOf = (id: string): string => id.slice(0, id.lastIndexOf('-'))
  const compare = (one: string, other: string): number =>
    alertOf(one) < alertOf(other) ? -1 : alertOf(one) > alertOf(other) ? 1 : 0
  return [...byRecord.values()].flatMap((its) => its.toSorted(compare)).join('\n')
}

type Named = { readonly tenant: string; textOf(slice: number | string): string }

/** The name of a record of measures, of a closed period or of a count of contacts, with the text of its slice. */
function nameIn(name: string, { tenant, textOf: text }: Named): string {
  const place = placeInHash(name)
  if (place !== null && !place.hash.startsWith('closing:')) {
    const [slice = '', revision] = place.field.split('.')
    return `${place.hash}#${text(slice)}${revision === undefined ? '' : `.${revision}`}`
  }
  const ofTally = `${backlogKey(tenant)} `
  return name.startsWith(ofTally) ? ofTally + text(name.slice(ofTally.length)) : name
}

function valueIn(
  name: string,
  value: Uint8Array | string,
  { tenant, textOf: text }: Named,
): Uint8Array | string {
  if (typeof value === 'string') return value
  const withTexts = ({ slice, ...issue }: Issue) => ({ ...issue, slice: text(slice) })
  const sorted = (slices: readonly number[]) => slices.map(text).sort()
  const [open, members] = [`${openKey(tenant)} `, `${backlogMembersKey(tenant)} `]
  if (name.startsWith(open)) {
    const { row, intervals } = decodeOpen(name.slice(open.length), value)
    const placed = intervals.map(({ slices, ...one }) => ({ ...one, slices: sorted(slices) }))
    return JSON.stringify({ row, intervals: placed })
  }
  if (name.startsWith(members)) {
    const { sinceMs, place } = splitMember(value)
    const { slices, ...others } = decodePlace(place)
    return JSON.stringify({ sinceMs, slices: sorted(slices), ...others })
  }
  if (name === issuedKey(tenant)) {
    const { total, filling } = decodeIssuedHead(value)
    return JSON.stringify({ total, filling: filling.map(withTexts) })
  }
  if (name.startsWith(`${issuedKey(tenant)}:`))
    return JSON.stringify(decodeIssues(value).map(withTexts))
  if (name === sliceDaysKey(tenant)) {
    const counts = JSON.parse(textOf(value)) as number[]
    const days = counts.flatMap((count, slice) => (count === 0 ? [] : [[text(slice), count]]))
    return JSON.stringify(days.map((one) => one.join(' ')).sort())
  }
  return value
}

/** Messages by their ids, and in which order each topic's readers meet those of a key. */
function asTold({ messages }: Left): (readonly [string, Uint8Array | string])[] {
  const orders = Map.groupBy(messages, ({ topic, key }) => `order ${topic} ${key}`)
  return [
    ...messages.flatMap(({ topic, id, key, value, headers }) => [
      [`${topic} ${id}`, value] as const,
      [
        `${topic} ${id} key`,
        `${key} ${JSON.stringify(
          Object.entries(headers)
            .map((one) => one.join(': '))
            .sort(),
        )}`,
      ] as const,
    ]),
    ...[...orders].map(([name, its]) => [name, its.map(({ id }) => id).join('\n')] as const),
  ]
}

/** `false`: a minute or a quarter-hour that readers do not read any more. */
function isKept(key: string, logTimeMs: EpochMs): boolean {
  const [kind, , resolution, start] = key.split('#')[0]!.split(':')
  if (kind !== 'm' || (resolution !== 'minute' && resolution !== 'slot')) return true
  const length: Readonly<Record<Exclude<Resolution, 'day'>, number>> = bucketMs
  return kept((Number(start) + length[resolution]) as EpochMs, resolution, logTimeMs)
}

const textOf = (value: Uint8Array | string): string =>
  typeof value === 'string' ? value : Buffer.from(value).toString()
