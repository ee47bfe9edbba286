import { type LiveResponse, problemOf } from '@deskpulse/contract'
import {
  type Asked,
  isCurrent,
  livePlan,
  type LiveWindow,
  type ReadingPlan,
  sourcesAt,
  windowInterval,
} from '@deskpulse/core/kpis'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'
import type { Layout, Step } from '../reading/question.ts'
import { mapInTurns, type Turns } from '../reading/turns.ts'
import { completenessOf, iso, type Stamped } from './answer.ts'
import { Comparison } from './comparison.ts'
import { kpisOf } from './kpis.ts'
import { type KpiValues, needsOf, recordsMax, recordsOf, tooMuch, valuesOfPlans } from './rows.ts'
import { hasStar, type NamedSlice, slicesMax, slicesOf } from './slices.ts'

export type LiveRequest = Asked & {
  readonly slice: readonly string[]
  readonly window: LiveWindow
  readonly kpis?: readonly string[]
  readonly cursor?: string
}

type Row = { readonly slice: string; readonly kpis: KpiValues }
export type LiveAnswer = Stamped<Omit<LiveResponse, 'rows'> & { readonly rows: readonly Row[] }>

/** `GET …/kpis/live`: one row a slice, all of one moment. With a star the rows may go on in a further page, of a moment of its own. */
export function liveStep(request: LiveRequest, basis: TenantBasis): Step<Outcome<LiveAnswer>> {
  const { tenant, config, history, running, logTimeMs } = basis
  const kpis = kpisOf(request.kpis, config)
  if (!kpis.ok) return { kind: 'settled', result: kpis }
  const slices = slicesOf(request.slice, basis, true)
  if (!slices.ok) return { kind: 'settled', result: slices }
  const first = firstOf(request, slices.value)
  if (first < 0) return { kind: 'settled', result: badCursor(request) }
  const rest = slices.value.slice(first)
  const { window } = request
  const comparison = (): Comparison<LiveWindow> =>
    new Comparison(kpis.value, basis, {
      atMs: () => logTimeMs,
      planOf: (question) => livePlan(question, window, logTimeMs),
    })
  const planOf = ({ slice }: NamedSlice): ReadingPlan =>
    livePlan(
      {
        ...{ tenant, slice, sources: basis.sourcesOf(slice), config, history },
        ...{ kpis: kpis.value, running },
        ...{ clock: request.clock, by: request.by },
      },
      window,
      logTimeMs,
    )
  const { page, cost } = pageOf(rest, request, planOf, comparison(), basis)
  if (cost > recordsMax) return { kind: 'settled', result: tooMuch('slice') }
  const layOut = async (turn: Turns): Promise<Layout<Outcome<LiveAnswer>>> => {
    const plans = await mapInTurns(page, planOf, turn)
    const compared = comparison()
    for (const { slice } of page) compared.add(slice, window)
    const others = await compared.layOut(turn)
    return {
      needs: needsOf([...others.map(({ plan }) => plan), ...plans]),
      isCurrent: (atMs) => plans.every((plan) => isCurrent(plan, atMs)),
      async finish(answer, inTurns) {
        const its = await compared.read(others, answer, inTurns)
        const rows = await valuesOfPlans(plans, its, inTurns, (read) =>
          compared.beside(read, window),
        )
        const { startMs, endMs } = windowInterval(window, answer.logTimeMs, history.localTime)
        const next = rest[page.length]
        return granted({
          tenant,
          asOf: iso(answer.logTimeMs),
          ...completenessOf(basis, null),
          window: { start: iso(startMs), end: iso(endMs) },
          rows: page.map(({ text }, index) => ({ slice: text, kpis: rows[index] ?? {} })),
          ...(next !== undefined && {
            omitted: rest.length - page.length,
            cursor: encodeCursor(next),
          }),
        })
      },
    }
  }
  return { kind: 'read', cost, layOut }
}

type Page = { readonly page: readonly NamedSlice[]; readonly cost: number }

/** As many slices as one answer holds where there is a star, else all. Each slice that one is read from costs as many records. */
function pageOf(
  slices: readonly NamedSlice[],
  request: LiveRequest,
  planOf: (slice: NamedSlice) => ReadingPlan,
  compared: Comparison<LiveWindow>,
  basis: TenantBasis,
): Page {
  const sourcesIn = ({ slice }: NamedSlice): number =>
    sourcesAt(basis.sourcesOf(slice), basis.logTimeMs).length
  const some = slices.find((slice) => sourcesIn(slice) > 0)
  const each = some === undefined ? 0 : recordsOf(planOf(some)) / sourcesIn(some)
  const isPaged = request.slice.some(hasStar)
  let [length, cost] = [0, 0]
  for (const slice of slices) {
    const more = each * sourcesIn(slice) + compared.add(slice.slice, request.window)
    if (isPaged && length > 0 && (length === slicesMax || cost + more > recordsMax)) break
    length += 1
    cost += more
  }
  return { page: slices.slice(0, length), cost }
}

/** A page begins with a slice, so that one that comes meanwhile moves nothing. */
const encodeCursor = ({ text }: NamedSlice): string => Buffer.from(text).toString('base64url')

/** The place of the slice that the page begins with; -1: the cursor names none of these. */
function firstOf({ cursor }: LiveRequest, slices: readonly NamedSlice[]): number {
  if (cursor === undefined) return 0
  const text = Buffer.from(cursor, 'base64url').toString()
  return slices.findIndex((slice) => slice.text === text)
}

function badCursor({ cursor = '' }: LiveRequest): Outcome<never> {
  const error = {
    path: 'cursor',
    expected: 'the cursor of an answer to the same question',
    got: cursor,
  }
  return refused(problemOf('bad-request', 'not what it must be: cursor', [error]))
}
