import {
  decodeRefusalHead,
  decodeRefusalPage,
  type FoldRefusalCode,
  type ListedRefusal,
  problemOf,
  refusalKeys,
  type RefusalsResponse,
  refusalsNewestFirst,
  toWire,
} from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { type Erased, withShownCustomer } from '../erased.ts'
import { decodedOnce } from '../reading/decoded-once.ts'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import { readStep, type Step } from '../reading/question.ts'
import { iso, type Stamped } from './answer.ts'

export type RefusalsRequest = {
  readonly code?: FoldRefusalCode | undefined
  readonly source?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}
export type RefusalsAnswer = Stamped<RefusalsResponse>

type Row = RefusalsResponse['rows'][number]

const headOf = decodedOnce(decodeRefusalHead)
const pageOf = decodedOnce(decodeRefusalPage)

function eventOf(
  event: ListedRefusal['event'],
  tenant: string,
): Pick<Row, 'source' | 'id' | 'type' | 'time' | 'event'> {
  if (event === null) return { source: null, id: null, type: null, time: null, event: null }
  const { data } = event
  const wire = toWire({ ...event, tenant, timeMs: event.timeMs as EpochMs, data: data ?? {} })
  const { source, id, type, time } = wire
  return { source, id, type, time, event: data === null ? null : { ...wire, data } }
}

function rowOf(
  { atMs, code, reason, partition, offset, index, event }: ListedRefusal,
  tenant: string,
  erased: Erased,
): Row {
  const listed = eventOf(event, tenant)
  return {
    at: iso(atMs as EpochMs),
    code,
    reason,
    ...listed,
    event: listed.event && withShownCustomer(listed.event, tenant, erased),
    place: { partition, offset, index },
  }
}

/** A page goes on below the number of the last row of the one before: what is refused meanwhile moves nothing. */
const encodeCursor = (number: number): string => Buffer.from(String(number)).toString('base64url')

/** `null`: no cursor of ours. */
function decodeCursor(text: string): number | null {
  const match = /^\d{1,15}$/.exec(Buffer.from(text, 'base64url').toString('latin1'))
  return match === null ? null : Number(match[0])
}

function misreadCursor(cursor: string): Outcome<never> {
  const error = {
    path: 'cursor',
    expected: 'the cursor of an answer to the same question',
    got: cursor,
  }
  return refused(problemOf('bad-request', 'not what it must be: cursor', [error]))
}

/** `GET …/refusals`: what the folds refused, the newest first; `count` is all that is listed of the code and source asked for. */
export function refusalsStep(
  { code, source, limit, cursor }: RefusalsRequest,
  { tenant }: TenantBasis,
  erased: Erased,
): Step<Outcome<RefusalsAnswer>> {
  const before = cursor === undefined ? Number.POSITIVE_INFINITY : decodeCursor(cursor)
  if (before === null) return { kind: 'settled', result: misreadCursor(cursor!) }
  return readStep({
    needs: { keys: refusalKeys(tenant), open: [] },
    isCurrent: () => true,
    finish({ values: [stored, ...pages], logTimeMs }) {
      const head = stored ? headOf(stored) : { total: 0, filling: [] }
      const ring = pages.map((bytes) => (bytes ? pageOf(bytes) : null))
      const asked = [...refusalsNewestFirst(head, ring)].filter(
        ({ refusal }) =>
          (code === undefined || refusal.code === code) &&
          (source === undefined || refusal.event?.source === source),
      )
      const rest = asked.filter(({ number }) => number < before)
      const rows = rest.slice(0, limit)
      const next = rest.length > limit ? { cursor: encodeCursor(rows.at(-1)!.number) } : {}
      const listed = rows.map(({ refusal }) => rowOf(refusal, tenant, erased))
      return granted({
        asOf: iso(logTimeMs),
        total: head.total,
        count: asked.length,
        rows: listed,
        ...next,
      })
    },
  })
}
