import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backlogKey, openKey, openKinds, type OpenKind } from '../state/keys.ts'
import type { EpochMs } from '../time/time.ts'
import { encodeTally } from './backlog.ts'
import {
  encodeOpen,
  isForecastAhead,
  isRosterRow,
  isAppealRow,
  isWaitingRow,
  openField,
  type IntervalKind,
  type OpenEntry,
  type WaitingRow,
  type OpenRow,
} from './entry.ts'
import { hashOf, heldOpen } from './held-open.ts'

const tenant = 'acme'
const at = (ms: number): EpochMs => ms as EpochMs
const waitKinds = [
  'reply.live',
  'reply.deferred',
  'queue.voice',
  'lost.reply',
  'lost.queue',
] as const
const dueKinds: readonly OpenKind[] = ['reply.live.due', 'reply.deferred.due', 'queue.voice.due']
const asked: readonly OpenKind[] = [
  ...openKinds.filter((kind) => kind !== 'backlog'),
  ...dueKinds,
  'reply.customers',
  'agent-free',
  'agent-class.handling',
]

type Change = { readonly field: string; readonly entry: OpenEntry | null }
function nameOf(row: OpenRow): string {
  if (isWaitingRow(row)) return row.contactId
  if (isRosterRow(row)) return row.rosterOf
  if (isAppealRow(row)) return row.appealId
  return isForecastAhead(row) ? row.forecastId : row.agentId
}

type Seen = { readonly count: number; readonly oldest: readonly (readonly [string, number])[] }

const customerOf = (entry: OpenEntry | undefined): string | undefined =>
  (entry?.row as WaitingRow | undefined)?.customerId

/** What the hash says, looked through from end to end. */
function plainly(
  entries: ReadonlyMap<string, OpenEntry>,
  kind: OpenKind,
  slice: number,
  members: number,
  atMs: number,
): Seen {
  const found: [string, number][] = []
  for (const { row, intervals } of entries.values()) {
    for (const one of intervals) {
      if (!one.slices.includes(slice)) continue
      const id = nameOf(row)
      if (one.kind === kind) found.push([id, one.sinceMs])
      if (kind === 'reply.customers' && one.kind.startsWith('reply.')) found.push([id, one.sinceMs])
      if (`${one.kind}.due` === kind) found.push([id, (row as WaitingRow).dueAtMs])
    }
  }
  const waits = found
    .filter(([, since]) => since <= atMs)
    .sort(([a, atA], [b, atB]) => atA - atB || (a < b ? -1 : 1))
  const customers = waits.map(([id]) => customerOf(entries.get(`c${id}`)) ?? `contact ${id}`)
  const begun =
    kind === 'reply.customers'
      ? waits.filter((_, place) => customers.indexOf(customers[place]!) === place)
      : waits
  return { count: begun.length, oldest: begun.slice(0, members) }
}

const slices = fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 5 })
const changeOf = (contacts: number): fc.Arbitrary<Change> => {
  const contactId = fc.nat(contacts).map((id) => `c-${id}`)
  const waiting = fc
    .record({
      contactId,
      kind: fc.constantFrom<IntervalKind>(...waitKinds),
      sinceMs: fc.nat(50),
      limitMs: fc.nat(20),
      slices,
      customerId: fc.constantFrom(undefined, 'u-1', 'u-2', 'c-1'),
    })
    .map(({ contactId: id, kind, sinceMs, limitMs, slices: where, customerId }): OpenEntry => ({
      row: {
        ...{ contactId: id, dueAtMs: at(sinceMs + limitMs), first: false, channel: 'chat' },
        customerId,
      },
      intervals: [{ kind, sinceMs: at(sinceMs), slices: where }],
    }))
  const agent = fc
    .record({ contactId, sinceMs: fc.nat(50), contacts: fc.nat(1), slices, others: slices })
    .map(({ contactId: id, sinceMs, contacts, slices: where, others }): OpenEntry => ({
      row: { agentId: id, contacts, capacity: null, queues: [] },
      intervals: [
        { kind: 'agent.available', sinceMs: at(sinceMs), slices: where },
        { kind: 'agent-class.handling', sinceMs: at(sinceMs + 1), slices: others },
        { kind: 'agent-free', sinceMs: at(sinceMs), slices: where },
      ],
    }))
  return fc.tuple(fc.oneof(waiting, agent), fc.integer({ min: 0, max: 2 })).map(([entry, dice]) => {
    return { field: openField(entry.row), entry: dice === 0 ? null : entry }
  })
}

test('after any changes each answer is what all entries say, whenever a kind was first asked for', () => {
  const runs = fc.record({
    changes: fc.array(changeOf(12), { maxLength: 60 }),
    askedAt: fc.uniqueArray(fc.nat(60), { maxLength: 6 }),
    atMs: fc.nat(60),
    members: fc.nat(5),
  })
  fc.assert(
    fc.property(runs, ({ changes, askedAt, atMs, members }) => {
      const held = heldOpen(openKey(tenant))
      const entries = new Map<string, OpenEntry>()
      const compare = (): void => {
        for (const kind of asked) {
          for (let slice = 0; slice < 6; slice += 1) {
            const { count, oldest } = held.answer({ tenant, slice, kind, members }, at(atMs))
            const named = oldest.map(({ sinceMs, row }) => [nameOf(row), sinceMs] as const)
            expect({ count, oldest: named }, `${kind} ${slice}`).toEqual(
              plainly(entries, kind, slice, members, atMs),
            )
          }
        }
      }
      for (const [place, { field, entry }] of changes.entries()) {
        held.put(field, entry === null ? null : encodeOpen(entry))
        if (entry === null) entries.delete(field)
        else entries.set(field, entry)
        if (askedAt.includes(place)) compare()
      }
      compare()
      expect(held.size).toBe(entries.size)
    }),
    { numRuns: 60 },
  )
})

test('thousands in one slice are counted and named as a few are', () => {
  const held = heldOpen(openKey(tenant))
  const entries = new Map<string, OpenEntry>()
  const put = (id: number, sinceMs: number | null): void => {
    const row = {
      contactId: `c-${id}`,
      dueAtMs: at((sinceMs ?? 0) + 500),
      first: false,
      channel: 'chat',
    }
    const entry: OpenEntry = {
      row,
      intervals: [{ kind: 'reply.live', sinceMs: at(sinceMs ?? 0), slices: [0, 1 + (id % 2)] }],
    }
    held.put(openField(row), sinceMs === null ? null : encodeOpen(entry))
    if (sinceMs === null) entries.delete(openField(row))
    else entries.set(openField(row), entry)
  }
  const compare = (): void => {
    for (const kind of ['reply.live', 'reply.live.due'] as const) {
      for (const [slice, members, atMs] of [
        [0, 3, 10_000],
        [0, 5_000, 2_000],
        [1, 600, 700],
        [1, 0, -1],
      ] as const) {
        const { count, oldest } = held.answer({ tenant, slice, kind, members }, at(atMs))
        const named = oldest.map(
          ({ sinceMs, row }) => [(row as WaitingRow).contactId, sinceMs] as const,
        )
        expect({ count, oldest: named }).toEqual(plainly(entries, kind, slice, members, atMs))
      }
    }
  }
  for (let id = 0; id < 3_000; id += 1) put(id, (id * 7_919) % 3_000)
  compare()
  for (let id = 0; id < 3_000; id += 3) put(id, null)
  for (let id = 1; id < 3_000; id += 3) put(id, (id * 31) % 1_000)
  compare()
  for (let id = 0; id < 3_000; id += 1) put(id, null)
  compare()
})

const rosterOf = (agent: string, role: string | null = null): OpenEntry => ({
  row: { rosterOf: agent, entries: [{ from: '2026-03-01', teams: ['t'], role, aliases: [] }] },
  intervals: [],
})
const appealOf = (id: string, reason = 'outage'): OpenEntry => ({
  row: {
    ...{ appealId: id, appealOf: 'a-1', start: '2026-03-01', end: '2026-03-02', reason },
    ...{ filedMs: at(5), filedBy: null, found: [], decided: null },
    ...{ contactIds: ['c-1'], scores: [], kpis: [] },
  },
  intervals: [],
})

test.each([
  { kind: 'roster', list: 'rosters', entryOf: rosterOf, other: appealOf },
  { kind: 'appeal', list: 'appeals', entryOf: appealOf, other: rosterOf },
] as const)(
  'of each $kind all are listed in their order, and anew only when one of them changes',
  ({ kind, list, entryOf, other }) => {
    const held = heldOpen(openKey(tenant))
    const put = (entry: OpenEntry): void => held.put(openField(entry.row), encodeOpen(entry))
    const listed = () => held.answer({ tenant, slice: 0, kind, members: 0 }, at(0))
    for (const id of ['b', 'd', 'a', 'c']) put(entryOf(id))
    put(other('x'))
    const first = listed()
    const inOrder = ['a', 'b', 'c', 'd'].map((id) => entryOf(id).row)
    expect(first).toEqual({ count: 4, oldest: [], [list]: inOrder })
    put(other('y'))
    expect(listed()).toBe(first)
    put(entryOf('b', 'other'))
    expect(listed()[list]).toEqual(inOrder.with(1, entryOf('b', 'other').row))
    held.put(openField(entryOf('a').row), null)
    expect(listed()[list]?.map(nameOf)).toEqual(['b', 'c', 'd'])
  },
)

test('a backlog is the tally of its slice, and names nobody', () => {
  const held = heldOpen(backlogKey(tenant))
  const count = (slice: number) =>
    held.answer({ tenant, slice, kind: 'backlog', members: 5 }, at(0))
  held.put('3', encodeTally(300))
  expect([count(3), count(4)]).toEqual(
    [300, 0].map((contacts) => ({ count: contacts, oldest: [] })),
  )
  held.put('3', null)
  expect([count(3).count, held.size]).toEqual([0, 0])
})

test('each question has its hash', () => {
  expect(openKinds.map((kind) => hashOf({ tenant, kind }))).toEqual(
    openKinds.map((kind) => (kind === 'backlog' ? 'backlog:acme' : 'open:acme')),
  )
})
