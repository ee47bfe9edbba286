import { problemOf } from '@deskpulse/contract'
import { isCurrent } from '@deskpulse/core/kpis'
import type { Subject } from '@deskpulse/core/state'
import { storedKeys, type Tenant } from '@deskpulse/engine'
import type { Snapshot } from '@deskpulse/stream'
import { granted, type Outcome, refused } from '../reading/tenant.ts'
import { turns } from '../reading/turns.ts'
import { withContactEvents } from './contact-events.ts'
import type { PageStart } from './cursor.ts'
import { agentsOf, listKeysOf, placeOf, subjectsIn } from './day-lists.ts'
import { hashesOnce } from './hashes-once.ts'
import { listRows, storedSubjects } from './listing.ts'
import { momentNeeds, momentOf } from './moment.ts'
import { type Explained, explainedOf, type ExplainRequest } from './request.ts'
import { basisFor, type ExplainedPage, type ExplainPage, type ExplainSource } from './source.ts'

/** States that one page reads. */
export const subjectsMax = 2_000
/** What that costs, in records: a state is folded, not added up. */
const cost = 10 * subjectsMax
/** So often one reads again because what is to be read has changed meanwhile. */
const attemptsMax = 20

type Values = Snapshot['values']

/**
 * A page from what the states hold. What to read follows from what the tenant is, and from the lists of the days: all of it is then read again with them, in
 * one moment.
 */
export async function explainFromState(
  source: ExplainSource,
  request: ExplainRequest,
  page: ExplainPage,
): Promise<Outcome<ExplainedPage>> {
  const { enter } = source
  const read = hashesOnce(source.read)
  const basis = basisFor(source, request)
  let known = await read({ keys: basis.keys, hashes: basis.hashes })
  let lists: Values | null = null
  const leave = await enter(cost)
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const found = basis.read(known)
      if (!found.ok) return found
      const asked = explainedOf(request, found.value)
      if (!asked.ok) return asked
      const explained = asked.value
      const listKeys = listKeysOf(explained.plan, basis.daysIn(known.values))
      lists ??= (await read({ keys: listKeys })).values
      const agents = agentsOf(explained, found.value)
      const wanted = wantedOf(lists, explained, agents, page.from)
      const needs = momentNeeds(explained)
      const stateKeys = wanted.subjects.flatMap(storedKeys)
      const keys = [basis.keys, listKeys, needs.keys, stateKeys]
      const snapshot = await read({
        keys: keys.flat(),
        hashes: [...basis.hashes, ...needs.hashes],
      })
      const [now, listsNow, moment, states] = pieces(snapshot.values, keys)
      if (!basis.isSame(snapshot, now!, known) || !isCurrent(explained.plan, snapshot.logTimeMs)) {
        known = { ...snapshot, values: now! }
        lists = null
      } else if (
        !sameTexts(wantedOf(listsNow!, explained, agents, page.from).subjects, wanted.subjects)
      )
        lists = listsNow!
      else {
        const tenant = basis.tenantIn(now!)
        const made = await finish(explained, page, { ...wanted, states: states! }, tenant, {
          ...snapshot,
          values: moment!,
          hashes: snapshot.hashes.slice(basis.hashes.length),
        })
        const { listing } = made
        const rows = page.withEvents
          ? await withContactEvents(listing.rows, tenant, read)
          : listing.rows
        const clock = basis.clockIn(now!)
        return granted({
          ...{ source: 'state', basis: found.value, explained, clock, snapshot },
          ...{ value: made.value, listing: { ...listing, rows } },
        })
      }
    }
  } finally {
    leave()
  }
  return refused(problemOf('busy', 'what is asked for changes faster than it can be read'))
}

type Wanted = { readonly subjects: readonly Subject[]; readonly hasMore: boolean }

function wantedOf(
  lists: Values,
  { kpi }: Explained,
  agents: ReadonlySet<string> | null,
  { after }: PageStart,
): Wanted {
  if (after === null) return { subjects: [], hasMore: false }
  const all = subjectsIn(lists, kpi, agents)
  const first = all.findIndex((subject) => subject > after)
  const rest = first < 0 ? [] : all.slice(first)
  return { subjects: rest.slice(0, subjectsMax), hasMore: rest.length > subjectsMax }
}

/** `snapshot`: of the keys of `momentNeeds`. */
async function finish(
  explained: Explained,
  { from, limit, withEvents }: ExplainPage,
  { subjects, hasMore, states }: Wanted & { readonly states: Values },
  tenant: Tenant,
  snapshot: Snapshot,
): Promise<Pick<ExplainedPage, 'value' | 'listing'>> {
  const { value, openOf } = momentOf(explained, snapshot.values, snapshot)
  const listing = await listRows(
    explained,
    { subjects: storedSubjects(tenant, subjects, states), hasMore },
    {
      ...{ from, limit, openOf, asOfMs: snapshot.logTimeMs },
      place: placeOf(explained, tenant, value),
      rowOptions: { tenant: tenant.name, terms: explained.kpi.terms!, withEvents },
    },
    turns(),
  )
  return { value, listing }
}

/** Values cut into those of each list of keys. */
function pieces(values: Values, keys: readonly (readonly string[])[]): readonly Values[] {
  let at = 0
  return keys.map(({ length }) => values.slice(at, (at += length)))
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, place) => text === b[place])
