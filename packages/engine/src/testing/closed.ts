import type { ClosedMessage } from '@deskpulse/contract'
import {
  type ClosedRecord,
  decodeClosed,
  decodeIssuedHead,
  decodeIssues,
  type Issue,
  type IssuedPeriods,
  issuesPerPage,
} from '@deskpulse/core/closed'
import { decodeSliceTable } from '@deskpulse/core/measures'
import { issuedKey, issuedPageKey, slicesKey } from '@deskpulse/core/state'
import { placeInHash } from '@deskpulse/stream'
import type { MemoryStore } from '../replay/memory-store.ts'
import { alertRecordsOf } from './fold-log.ts'

/** What is stored of closed periods, by readable names: `kind start slice revision`; numbers of slices differ with the cut of the log, their texts do not. */
export function closedOf(store: MemoryStore, tenant: string): Record<string, ClosedRecord> {
  const { texts } = decodeSliceTable(store.records.get(slicesKey(tenant))!)
  const named: [string, ClosedRecord][] = []
  for (const [key, bytes] of store.records) {
    const place = placeInHash(key)
    const [prefix, itsTenant, kind, start] = place?.hash.split(':') ?? []
    if (place === null || prefix !== 'closed' || itsTenant !== tenant) continue
    const [slice] = place.field.split('.')
    const record = decodeClosed(bytes)
    const text = `${kind} ${new Date(Number(start)).toISOString()} ${texts[Number(slice)]}`
    named.push([`${text} ${record.revision}`, record])
  }
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What was told of closed periods, in order. */
export function closedMessages({ out }: MemoryStore): ClosedMessage[] {
  return out.flatMap(({ topic, bytes }) =>
    topic === 'deskpulse.closed'
      ? [JSON.parse(Buffer.from(bytes).toString()) as ClosedMessage]
      : [],
  )
}

/** What the alerter is told of them, in order. */
export function issuedPeriods(store: MemoryStore): IssuedPeriods[] {
  return alertRecordsOf(store).flatMap(({ record }) =>
    record.kind === 'issued' ? [record.issued] : [],
  )
}

/** What is listed as issued, in order, with the texts of the slices. */
export function issuesOf(
  store: MemoryStore,
  tenant: string,
): (Omit<Issue, 'slice'> & { readonly slice: string })[] {
  const { texts } = decodeSliceTable(store.records.get(slicesKey(tenant))!)
  const { total, filling } = decodeIssuedHead(store.records.get(issuedKey(tenant)) ?? null)
  const pages = Array.from({ length: Math.floor(total / issuesPerPage) }, (_, page) =>
    decodeIssues(store.records.get(issuedPageKey(tenant, page))!),
  )
  return [...pages.flat(), ...filling].map((issue) => ({ ...issue, slice: texts[issue.slice]! }))
}
