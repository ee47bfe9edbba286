import type { WaitingResponse } from '@deskpulse/contract'
import { isCurrent, openMembersMax, sourcesAt, wholeSlice } from '@deskpulse/core/kpis'
import { allText } from '@deskpulse/core/measures'
import { nothingOpen, type OpenAnswer, type OpenKind, type WaitingRow } from '@deskpulse/core/state'
import { isSameDay } from '@deskpulse/core/time'
import { joined } from '../reading/held.ts'
import { granted, type Outcome, type TenantBasis } from '../reading/tenant.ts'
import { readStep, type Step } from '../reading/question.ts'
import { completenessOf, iso, type Stamped } from './answer.ts'
import { answeredPlan, msPerAnswer, noPlace, placesOf } from './queue-places.ts'
import { needsOf, valuesOfPlans } from './rows.ts'
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
      ...noPlace,
    }
  })
}

const byWait = (a: Row, b: Row): number =>
  a.since === b.since ? order(a.contactId, b.contactId) : order(a.since, b.since)
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The queues in which callers wait, each once. */
const queuesOf = (rows: readonly Row[]): readonly string[] => [
  ...new Set(
    rows.flatMap(({ kind, queue }) => (kind === 'queue' && queue !== null ? [queue] : [])),
  ),
]

/** `GET …/waiting`: who waits, longest first; `count` is all of them, and `waiting_now` of the same slice. With `lost`: whose wait was given up. */
export function waitingPlan({
  slice: text,
  limit,
  lost,
}: WaitingRequest): (basis: TenantBasis) => Step<Outcome<WaitingAnswer>> {
  /** In which callers were found, when it was read last: how fast they answer is read with them the next time. */
  let queues: readonly string[] = []

  return (basis) => {
    const isAll = wholes.has(text)
    const slices = slicesOf([text], basis, isAll)
    if (!slices.ok) return { kind: 'settled', result: slices }
    const { tenant, logTimeMs: askedMs, history } = basis
    const sources = (isAll ? [[]] : slices.value.map(({ slice }) => slice)).flatMap((slice) =>
      sourcesAt(basis.sourcesOf(slice), askedMs),
    )
    const asked = [...new Set(sources.map(({ slice }) => slice))].flatMap((slice) =>
      (lost ? waitsLost : waitsNow).map((wait) => ({ ...wait, slice })),
    )
    // Whoever came before them may be in none of the slices.
    const callers = (lost ? [] : wholeSlice(basis.slices.idOf(allText))).map(({ slice }) => ({
      ...{ tenant, slice, kind: 'queue.voice' as const, members: openMembersMax },
    }))
    const named = asked.map(({ slice, open }) => ({ tenant, slice, kind: open, members: limit }))
    const planned = queues
    const plans = planned.map((queue) => answeredPlan(queue, basis))
    const listed = (open: readonly OpenAnswer[]): Row[] =>
      asked
        .flatMap(({ kind }, index) => rowsOf(kind, open[index]!))
        .toSorted(byWait)
        .slice(0, limit)
    return readStep({
      needs: joined({ keys: [], open: [...named, ...callers] }, needsOf(plans)),
      isCurrent(atMs, open) {
        queues = lost ? [] : queuesOf(listed(open))
        return (
          isSameDay(history.localTime, askedMs, atMs) &&
          plans.every((plan) => isCurrent(plan, atMs)) &&
          new Set(queues).isSubsetOf(new Set(planned))
        )
      },
      async finish({ open, ...answer }, turn) {
        const own = open.slice(0, named.length)
        const [waiting = nothingOpen] = open.slice(named.length, named.length + callers.length)
        const ofPlans = { ...answer, open: open.slice(named.length + callers.length) }
        const values = await valuesOfPlans(plans, ofPlans, turn)
        const paces = new Map(planned.map((queue, n) => [queue, msPerAnswer(values[n]!)]))
        const placeOf = placesOf(waiting, paces)
        return granted({
          asOf: iso(answer.logTimeMs),
          ...completenessOf(basis, null),
          count: own.reduce((sum, one) => sum + one.count, 0),
          rows: listed(own).map((row) => ({ ...row, ...(lost ? noPlace : placeOf(row)) })),
        })
      },
    })
  }
}
