import { problemOf } from '@deskpulse/contract'
import type { TenantConfig } from '@deskpulse/core/config'
import { evaluate, isCurrent, type KpiValue } from '@deskpulse/core/kpis'
import {
  backlogKey,
  backlogMembersKey,
  configKey,
  decodeMember,
  hashOf,
  heldOpen,
  logClockKey,
  type OpenAnswer,
  type OpenQuestion,
  slicesKey,
  type Subject,
} from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { storedKeys, Tenant } from '@deskpulse/engine'
import type { ReadQuery, Snapshot } from '@deskpulse/stream'
import type { Enter } from '../reading/question.ts'
import {
  granted,
  type Outcome,
  refused,
  type TenantBasis,
  tenantQuestion,
} from '../reading/tenant.ts'
import { turns } from '../reading/turns.ts'
import type { PageStart } from './cursor.ts'
import { bucketsOf, listKeysOf, subjectsIn } from './day-lists.ts'
import { type Listing, listRows, storedSubjects } from './listing.ts'
import { openQuestionsOf } from './open-entries.ts'
import { type Explained, explainedOf, type ExplainRequest } from './request.ts'

export type ExplainSource = {
  readonly tenant: string
  readonly configured: TenantConfig | undefined
  /** Of the tenant's partition, past what is held of it: states and journals are not told of when they change. */
  read(query: ReadQuery): Promise<Snapshot>
  readonly enter: Enter
}

export type ExplainPage = {
  readonly from: PageStart
  readonly limit: number
  readonly withEvents: boolean
}

/** A page of the rows behind a value, all of one moment. */
export type ExplainedPage = {
  readonly basis: TenantBasis
  readonly explained: Explained
  readonly value: KpiValue
  readonly listing: Listing
  /** What is wrong with the clocks in the log. */
  readonly clock: Uint8Array | null
  readonly snapshot: Snapshot
}

/** States that one page reads. */
export const subjectsMax = 2_000
/** What that costs, in records: a state is folded, not added up. */
const cost = 10 * subjectsMax
/** So often one reads again because what is to be read has changed meanwhile. */
const attemptsMax = 20

/** What to read is known from what the tenant is, and from lists of subjects: all of it is then read again with them, in one moment. */
export async function explainPage(
  source: ExplainSource,
  request: ExplainRequest,
  page: ExplainPage,
): Promise<Outcome<ExplainedPage>> {
  const { tenant, configured, read, enter } = source
  const question = tenantQuestion(tenant, configured, (found) => ({
    kind: 'settled',
    result: granted(found),
  }))
  const basisKeys = [logClockKey, ...question.basis]
  const basisOf = (snapshot: Snapshot): Outcome<TenantBasis> => {
    const values = snapshot.values.slice(1, basisKeys.length)
    const step = question.plan({ ...snapshot, values, open: [] })
    if (step.kind !== 'settled') throw new Error('a basis is settled without a read')
    return step.result
  }
  let known = await read({ keys: basisKeys })
  let lists: readonly (Uint8Array | null)[] | null = null
  const first = basisOf(known)
  if (!first.ok) return first
  const asked = explainedOf(request, first.value)
  if (!asked.ok) return asked
  const leave = await enter(cost)
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const basis = basisOf(known)
      if (!basis.ok) return basis
      const explained = explainedOf(request, basis.value)
      if (!explained.ok) return explained
      const listKeys = listKeysOf(explained.value.plan)
      lists ??= (await read({ keys: listKeys })).values
      const wanted = pageOf(lists, explained.value, page.from)
      const needs = needsOf(explained.value, wanted.subjects)
      const keys = [...basisKeys, ...listKeys, ...needs.keys]
      const snapshot = await read({ keys, hashes: needs.hashes })
      const [basisNow, listsNow, values] = [
        snapshot.values.slice(0, basisKeys.length),
        snapshot.values.slice(basisKeys.length, basisKeys.length + listKeys.length),
        snapshot.values.slice(basisKeys.length + listKeys.length),
      ]
      const isSame = sameBytes(basisNow, known.values.slice(0, basisKeys.length))
      if (!isSame || !isCurrent(explained.value.plan, snapshot.logTimeMs)) {
        known = { ...snapshot, values: basisNow }
        lists = null
        continue
      }
      if (!sameTexts(pageOf(listsNow, explained.value, page.from).subjects, wanted.subjects)) {
        lists = listsNow
        continue
      }
      const made = await finish(
        explained.value,
        page,
        wanted,
        { ...snapshot, values },
        {
          config: basisNow[1 + question.basis.indexOf(configKey(tenant))] ?? null,
          slices: basisNow[1 + question.basis.indexOf(slicesKey(tenant))] ?? null,
        },
      )
      return granted({
        ...made,
        basis: basis.value,
        explained: explained.value,
        clock: basisNow[0] ?? null,
        snapshot,
      })
    }
  } finally {
    leave()
  }
  return refused(problemOf('busy', 'what is asked for changes faster than it can be read'))
}

type Wanted = { readonly subjects: readonly Subject[]; readonly hasMore: boolean }

function pageOf(
  lists: readonly (Uint8Array | null)[],
  { kpi, slice }: Explained,
  { after }: PageStart,
): Wanted {
  if (after === null) return { subjects: [], hasMore: false }
  const all = subjectsIn(lists, kpi, slice.slice)
  const first = all.findIndex((subject) => subject > after)
  const rest = first < 0 ? [] : all.slice(first)
  return { subjects: rest.slice(0, subjectsMax), hasMore: rest.length > subjectsMax }
}

function needsOf(explained: Explained, subjects: readonly Subject[]) {
  const questions = [...explained.plan.open, ...openQuestionsOf(explained)]
  const hashes = new Set(questions.map(hashOf))
  const { tenant } = explained.plan.question
  if (hashes.has(backlogKey(tenant))) hashes.add(backlogMembersKey(tenant))
  return {
    keys: [...explained.plan.keys, ...subjects.flatMap(storedKeys)],
    hashes: [...hashes].map((key) => ({ key, fields: null })),
  }
}

/** `snapshot`: of the plan's keys, then of the subjects'. */
async function finish(
  explained: Explained,
  { from, limit, withEvents }: ExplainPage,
  { subjects, hasMore }: Wanted,
  snapshot: Snapshot,
  stored: { readonly config: Uint8Array | null; readonly slices: Uint8Array | null },
): Promise<Pick<ExplainedPage, 'value' | 'listing'>> {
  const { plan, kpi } = explained
  const asOfMs = snapshot.logTimeMs
  const answerTo = openAnswers(explained, snapshot)
  const value = evaluate(plan, {
    values: snapshot.values.slice(0, plan.keys.length),
    open: plan.open.map(answerTo),
    asOfMs,
  }).get(kpi.id)!
  const { tenant: name } = plan.question
  const tenant = new Tenant(name, [stored.config, stored.slices])
  const slice = tenant.slices.idOf(explained.slice.text)
  const openQuestions = openQuestionsOf(explained)
  const listing = await listRows(
    explained,
    {
      subjects: storedSubjects(tenant, subjects, snapshot.values.slice(plan.keys.length)),
      hasMore,
    },
    {
      from,
      limit,
      // Of what the KPI does not count in such a slice nothing makes its value.
      place:
        slice === undefined || value.reason === 'no-source'
          ? null
          : { tenant, slice, buckets: bucketsOf(plan) },
      rowOptions: { tenant: name, terms: kpi.terms!, withEvents },
      openOf: (kind) => {
        const asked = openQuestions.find((one) => one.kind === kind)
        return asked === undefined ? null : answerTo(asked)
      },
      asOfMs,
    },
    turns(),
  )
  return { value, listing }
}

/** Answers from the hashes of a snapshot. */
function openAnswers(explained: Explained, { hashes, logTimeMs }: Snapshot) {
  const keys = needsOf(explained, []).hashes.map(({ key }) => key)
  const membersKey = backlogMembersKey(explained.plan.question.tenant)
  const held = new Map(
    keys
      .filter((key) => key !== membersKey)
      .map((key) => {
        const one = heldOpen(key)
        for (const [field, bytes] of hashes[keys.indexOf(key)]!.fields) one.put(field, bytes)
        return [key, one]
      }),
  )
  const members = hashes[keys.indexOf(membersKey)]?.fields ?? new Map<string, Uint8Array | null>()
  return (question: OpenQuestion): OpenAnswer => {
    const answer = held.get(hashOf(question))!.answer(question, logTimeMs)
    return question.kind === 'backlog' && question.members > 0
      ? { ...answer, oldest: backlogOf(members, question.slice) }
      : answer
  }
}

/** Contacts that are open in a slice, oldest first. */
function backlogOf(
  members: ReadonlyMap<string, Uint8Array | null>,
  slice: number,
): OpenAnswer['oldest'] {
  return [...members]
    .map(([contactId, bytes]) => ({ contactId, ...decodeMember(bytes!) }))
    .filter(({ slices }) => slices.includes(slice))
    .sort((a, b) => a.sinceMs - b.sinceMs || (a.contactId < b.contactId ? -1 : 1))
    .map(({ contactId, sinceMs }) => ({
      sinceMs,
      row: { contactId, dueAtMs: sinceMs as EpochMs, first: false, channel: '' },
    }))
}

function sameBytes(a: readonly (Uint8Array | null)[], b: readonly (Uint8Array | null)[]): boolean {
  return a.every((bytes, place) => {
    const other = b[place] ?? null
    return bytes === null || other === null ? bytes === other : Buffer.compare(bytes, other) === 0
  })
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, place) => text === b[place])
