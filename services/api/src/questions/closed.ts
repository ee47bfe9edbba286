import { type ClosedResponse, problemOf } from '@deskpulse/contract'
import { decodeIssuedHead, decodeIssues, type Issue, issuesPerPage } from '@deskpulse/core/closed'
import { issuedKey, issuedPageKey } from '@deskpulse/core/state'
import { type EpochMs, parseBoundary, periodAt } from '@deskpulse/core/time'
import { decodedOnce } from '../reading/decoded-once.ts'
import type { PartitionView } from '../reading/partition-view.ts'
import { readStep, type Step } from '../reading/question.ts'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import { iso, type Stamped } from './answer.ts'

export type ClosedRequest = { readonly since?: string | undefined; readonly limit: number }
export type ClosedAnswer = Stamped<ClosedResponse>

const headOf = decodedOnce(decodeIssuedHead)
const pageOf = decodedOnce(decodeIssues)

/** The number of the first issue that was not listed yet. */
const encodeCursor = (number: number): string =>
  Buffer.from(`issue.${number}`).toString('base64url')

function decodeCursor(text: string): number | null {
  const match = /^issue\.(\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString('latin1'))
  return match === null ? null : Number(match[1])
}

/** The number of the first issue from an instant on. Issues are in order of time, so that few pages are looked at. */
async function firstFrom(
  view: Pick<PartitionView, 'read'>,
  tenant: string,
  atMs: EpochMs,
): Promise<number> {
  const { values } = await view.read({ keys: [issuedKey(tenant)], open: [] })
  const { total, filling } = values[0] ? headOf(values[0]) : { total: 0, filling: [] }
  const pages = Math.floor(total / issuesPerPage)
  const lastOf = async (page: number): Promise<EpochMs> => {
    const read = await view.read({ keys: [issuedPageKey(tenant, page)], open: [] })
    return pageOf(read.values[0]!).at(-1)!.closedAtMs
  }
  let [low, high] = [0, pages]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((await lastOf(middle)) < atMs) low = middle + 1
    else high = middle
  }
  let issues: readonly Issue[] = filling
  if (low < pages) {
    const read = await view.read({ keys: [issuedPageKey(tenant, low)], open: [] })
    issues = pageOf(read.values[0]!)
  }
  const within = issues.findIndex(({ closedAtMs }) => closedAtMs >= atMs)
  return low * issuesPerPage + (within < 0 ? issues.length : within)
}

/** The number of the first issue that is asked for: `since` is a cursor, a date or an instant; left out, the first one of all. */
export async function issueSince(
  view: Pick<PartitionView, 'read'>,
  tenant: string,
  { since }: ClosedRequest,
): Promise<Outcome<number>> {
  if (since === undefined) return granted(0)
  const number = decodeCursor(since)
  if (number !== null) return granted(number)
  const atMs = parseBoundary(since, 'UTC')
  if (atMs !== null) return granted(await firstFrom(view, tenant, atMs))
  const error = {
    path: 'since',
    expected: 'the cursor of an answer, or a date or an instant of the years 1900 to 2199',
    got: since,
  }
  return refused(problemOf('bad-request', 'not what it must be: since', [error]))
}

function rowOf(
  { kind, startMs, slice, revision, closedAtMs }: Issue,
  { history: { localTime }, slices }: TenantBasis,
): ClosedResponse['rows'][number] {
  const { label, endMs } = periodAt(kind, startMs, localTime)
  return {
    ...{ kind, start: iso(startMs), end: iso(endMs), label },
    ...{ slice: slices.textOf(slice)!, revision, closedAt: iso(closedAtMs) },
  }
}

/** `GET …/kpis/closed`: what was issued of closed periods from a number on, in the order in which it was. */
export function closedStep(
  from: number,
  limit: number,
  basis: TenantBasis,
  head: Uint8Array | null,
): Step<Outcome<ClosedAnswer>> {
  const { tenant } = basis
  const { total, filling } = head ? headOf(head) : { total: 0, filling: [] }
  const end = Math.min(total, from + limit)
  const fullPages = Math.floor(total / issuesPerPage)
  const [firstPage, lastPage] = [from, Math.max(from, end - 1)].map((number) =>
    Math.floor(number / issuesPerPage),
  )
  const pages: number[] = []
  for (let page = firstPage!; page <= Math.min(lastPage!, fullPages - 1); page += 1)
    pages.push(page)
  return readStep({
    needs: { keys: pages.map((page) => issuedPageKey(tenant, page)), open: [] },
    isCurrent: () => true,
    finish({ values, logTimeMs }) {
      const rows: ClosedResponse['rows'] = []
      for (let number = from; number < end; number += 1) {
        const page = Math.floor(number / issuesPerPage)
        const issues = page === fullPages ? filling : pageOf(values[pages.indexOf(page)]!)
        rows.push(rowOf(issues[number % issuesPerPage]!, basis))
      }
      const cursor = encodeCursor(Math.max(from, end))
      return granted({ tenant, asOf: iso(logTimeMs), rows, cursor, more: end < total })
    },
  })
}
