import type { WaitingResponse } from '@deskpulse/contract'
import { sourcesAt } from '@deskpulse/core/kpis'
import type { OpenAnswer, OpenKind, WaitingRow } from '@deskpulse/core/state'
import { isSameDay } from '@deskpulse/core/time'
import { granted, type Outcome, type TenantBasis } from '../reading/tenant.ts'
import { readStep, type Step } from '../reading/question.ts'
import { completenessOf, iso, type Stamped } from './answer.ts'
import { slicesOf } from './slices.ts'

export type WaitingRequest = {
  readonly slice: string
  readonly limit: number
  readonly lost: boolean
}
export type WaitingAnswer = Stamped<WaitingResponse>

type Waits = readonly { readonly kind: 'reply' | 'queue'; readonly open: OpenKind }[]

/** What `waiting_now` counts. A contact is in one of them at most. */
const waitsNow: Waits = [
  { kind: 'reply', open: 'reply.live' },
  { kind: 'queue', open: 'queue.voice' },
]

/** What was given up, as `lost_waits` counts it, deferred channels' owed replies too. */
const waitsLost: Waits = [
  { kind: 'reply', open: 'lost.reply' },
  { kind: 'queue', open: 'lost.queue' },
]

/** Every contact stands in one slice of these, so that all of them together are `all`. */
const wholes: ReadonlySet<string> = new Set(['queue=*', 'agent=*', 'channel=*', 'class=*'])

type Row = WaitingResponse['rows'][number]

function rowsOf(kind: 'reply' | 'queue', { oldest }: OpenAnswer): Row[] {
  return oldest.map(({ row, sinceMs }) => {
    const {
      contactId,
      dueAtMs,
      first,
      queue = null,
      channel,
      agentId = null,
      priority = null,
    } = row as WaitingRow
    return {
      contactId,
      kind,
      since: iso(sinceMs),
      dueAt: iso(dueAtMs),
      first,
      queue,
      channel,
      agentId,
      priority,
    }
  })
}

const byWait = (a: Row, b: Row): number =>
  a.since === b.since ? order(a.contactId, b.contactId) : order(a.since, b.since)
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** `GET …/waiting`: who waits, longest first; `count` is all of them, and `waiting_now` of the same slice. With `lost`: whose wait was given up. */
export function waitingStep(
  { slice: text, limit, lost }: WaitingRequest,
  basis: TenantBasis,
): Step<Outcome<WaitingAnswer>> {
  const isAll = wholes.has(text)
  const slices = slicesOf([text], basis, isAll)
  if (!slices.ok) return { kind: 'settled', result: slices }
  const { logTimeMs: askedMs, history } = basis
  const sources = (isAll ? [[]] : slices.value.map(({ slice }) => slice)).flatMap((slice) =>
    sourcesAt(basis.sourcesOf(slice), askedMs),
  )
  const asked = [...new Set(sources.map(({ slice }) => slice))].flatMap((slice) =>
    (lost ? waitsLost : waitsNow).map((wait) => ({ ...wait, slice })),
  )
  return readStep({
    needs: {
      keys: [],
      open: asked.map(({ slice, open }) => ({
        tenant: basis.tenant,
        slice,
        kind: open,
        members: limit,
      })),
    },
    isCurrent: (atMs) => isSameDay(history.localTime, askedMs, atMs),
    finish({ open, logTimeMs }) {
      const rows = asked.flatMap(({ kind }, index) => rowsOf(kind, open[index]!)).toSorted(byWait)
      const count = open.reduce((sum, one) => sum + one.count, 0)
      return granted({
        asOf: iso(logTimeMs),
        ...completenessOf(basis, null),
        count,
        rows: rows.slice(0, limit),
      })
    },
  })
}
