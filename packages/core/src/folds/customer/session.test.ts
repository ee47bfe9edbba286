import { expect, test } from 'vitest'
import { contribute } from '../../families/contribute.ts'
import type { SessionRow } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'
import { equalSessions, type Session } from './session.ts'
import { SessionList } from './session-list.ts'

const session = (contactId: string, openedMs: number, parts: Partial<Session> = {}): Session => ({
  contactId,
  opened: { atMs: openedMs as EpochMs, credit: {} },
  topic: undefined,
  served: null,
  due: null,
  resolution: null,
  ...parts,
})
const solvedAt = (atMs: number, windowMs = 100, isMature = false): Partial<Session> => ({
  resolution: {
    atMs: atMs as EpochMs,
    windowMs,
    ...{ isSolved: true, isMature, isInAuthority: true },
    queue: 'q',
    agent: 'a-1',
    topic: undefined,
    channel: 'chat',
    class: 'live',
    attributes: { priority: 'high' },
  },
})
const unsolvedAt = (atMs: number): Partial<Session> => ({
  resolution: { ...solvedAt(atMs).resolution!, isSolved: false },
})
const openedIn = (queue: string): Partial<Session> => ({
  opened: { atMs: 60 as EpochMs, credit: { queue } },
})
const sessionRows = (sessions: readonly Session[]): SessionRow[] =>
  [...new SessionList(sessions).rows.told].filter((row) => row.grain === 'session')
const settledSessions = (sessions: readonly Session[], final: ReadonlySet<string>) =>
  new SessionList(sessions).forgetSettled(final)
const repeated = (...sessions: Session[]): string[] =>
  sessionRows(sessions).map(({ contactId }) => `repeated/${contactId}`)

test.each([
  { rule: 'another session within the window', other: session('d', 60), is: ['repeated/c'] },
  {
    rule: 'one opened at exactly the end of the window',
    other: session('d', 150),
    is: ['repeated/c'],
  },
  { rule: 'not one opened after it', other: session('d', 151), is: [] },
  { rule: 'not one opened at the very resolution', other: session('d', 50), is: [] },
  { rule: 'not one opened before', other: session('d', 10), is: [] },
  { rule: 'not the session itself', other: session('c', 60), is: [] },
])('a solved contact is repeated by: $rule', ({ other, is }) => {
  expect(repeated(session('c', 0, solvedAt(50)), other)).toEqual(is)
})

test.each([
  { one: 'login', other: 'login', is: 1 },
  { one: 'login', other: 'refund', is: 0 },
  { one: undefined, other: 'refund', is: 1 },
  { one: 'login', other: undefined, is: 1 },
])(
  'topics $one and $other: a repeat is of the same topic, or any where either has none',
  ({ one, other, is }) => {
    expect(
      repeated(
        session('c', 0, { ...solvedAt(50), topic: one }),
        session('d', 60, { topic: other }),
      ),
    ).toHaveLength(is)
  },
)

test('a repeat that was solved is itself solved, and may be repeated in turn', () => {
  const sessions = [session('c', 0, solvedAt(50)), session('d', 60, solvedAt(70)), session('e', 80)]
  expect(repeated(...sessions)).toEqual(['repeated/c', 'repeated/d'])
  expect(repeated(...sessions.toReversed())).toEqual(['repeated/c', 'repeated/d'])
})

test('what was not solved at first contact has nothing to take back', () => {
  expect(repeated(session('c', 0), session('d', 60))).toEqual([])
})

test('the 1 is taken back where it was put: at the resolution, in its slices', () => {
  const [row] = sessionRows([session('c', 0, solvedAt(50)), session('d', 60)])
  const added: unknown[] = []
  contribute(row!, ({ name }, { atMs, credit }, value, scope) =>
    added.push({ name, atMs, value, scope, credit }),
  )
  expect(added).toMatchObject([
    {
      ...{ name: 'fcrSolved', atMs: 50, value: -1, scope: 'both' },
      credit: { queue: 'q', agent: 'a-1', channel: 'chat', class: 'live', priority: 'high' },
    },
    { name: 'fcrNetSolved', atMs: 50, value: -1 },
  ])
})

test('of a resolution whose window has passed it is taken back among those, too', () => {
  const [row] = sessionRows([session('c', 0, solvedAt(50, 100, true)), session('d', 60)])
  const added: unknown[] = []
  contribute(row!, ({ name }, { atMs }, value) => added.push([name, atMs, value]))
  expect(added).toEqual([
    ['fcrSolved', 50, -1],
    ['fcrMatureSolved', 50, -1],
    ['fcrNetSolved', 50, -1],
  ])
})

test('beyond authority it is taken back where it counted alone', () => {
  const { resolution } = solvedAt(50)
  const beyond = { resolution: { ...resolution!, isInAuthority: false } }
  const [row] = sessionRows([session('c', 0, beyond), session('d', 60)])
  const added: unknown[] = []
  contribute(row!, ({ name }) => added.push(name))
  expect(added).toEqual(['fcrSolved'])
})

test.each<{ part: string; other: Session }>([
  { part: 'its contact', other: session('d', 0, solvedAt(50)) },
  { part: 'its opening', other: session('c', 1, solvedAt(50)) },
  { part: 'its topic', other: session('c', 0, { ...solvedAt(50), topic: 'login' }) },
  { part: 'whether it was solved', other: session('c', 0) },
  { part: 'when it was solved', other: session('c', 0, solvedAt(51)) },
  { part: 'the window', other: session('c', 0, solvedAt(50, 101)) },
  { part: 'whether the window has passed', other: session('c', 0, solvedAt(50, 100, true)) },
  ...(['queue', 'agent', 'topic', 'channel', 'class'] as const).map((part) => ({
    part: `the ${part} of its resolution`,
    other: session('c', 0, {
      resolution: { ...solvedAt(50).resolution!, [part]: 'another' },
    }),
  })),
  {
    part: 'an attribute',
    other: session('c', 0, { resolution: { ...solvedAt(50).resolution!, attributes: {} } }),
  },
])('sessions differ by $part', ({ other }) => {
  const one = session('c', 0, solvedAt(50))
  expect([equalSessions(one, other), equalSessions(other, one)]).toEqual([false, false])
  expect(equalSessions(other, structuredClone(other))).toBe(true)
})

test.each<{ rule: string; final: readonly string[]; settled: readonly string[] }>([
  { rule: 'none, where the first one lives', final: ['b', 'c'], settled: [] },
  { rule: 'those before the first one that lives', final: ['a', 'c'], settled: ['a'] },
  { rule: 'all, where none lives', final: ['a', 'b', 'c'], settled: ['a', 'b', 'c'] },
])('no later change concerns $rule', ({ final, settled }) => {
  const sessions = [session('c', 9), session('b', 5), session('a', 5)]
  const settledOf = (all: readonly Session[]): string[] =>
    settledSessions(all, new Set(final)).map(({ contactId }) => contactId)
  expect(settledOf(sessions)).toEqual(settled)
  expect(settledOf(sessions.toReversed())).toEqual(settled)
})

test('one that repeats nothing is settled with its own contact, whatever else lives', () => {
  const outbound = session('o', 0, { opened: null })
  const living = session('c', 5)
  expect(settledSessions([living, outbound], new Set(['o']))).toEqual([outbound])
  expect(settledSessions([living, outbound], new Set(['c']))).toEqual([living])
  expect(settledSessions([living, outbound], new Set())).toEqual([])
})

test('one that was outbound repeats nothing', () => {
  const first = session('c', 0, solvedAt(50))
  expect(repeated(first, session('o', 60, { opened: null }))).toEqual([])
  expect(repeated(first, session('o', 60))).toEqual(['repeated/c'])
})

test.each<{ rule: string; first: Session; is: readonly string[] }>([
  { rule: 'one that was resolved', first: session('a', 0, solvedAt(50)), is: ['b'] },
  {
    rule: 'one that was resolved, though that did not count as solved',
    first: session('a', 0, unsolvedAt(50)),
    is: ['b'],
  },
  {
    rule: 'one whose window ends at the opening',
    first: session('a', 0, solvedAt(0, 60)),
    is: ['b'],
  },
  {
    rule: 'none whose window ended before it',
    first: session('a', 0, solvedAt(0, 59)),
    is: [],
  },
  { rule: 'none that is resolved at the opening', first: session('a', 0, solvedAt(60)), is: [] },
  { rule: 'none that is not resolved', first: session('a', 0), is: [] },
  {
    rule: 'none about something else',
    first: session('a', 0, { ...solvedAt(50), topic: 'login' }),
    is: [],
  },
])('a contact repeats $rule', ({ first, is }) => {
  const second = session('b', 60, { topic: 'refund', ...openedIn('billing') })
  const rows = [...new SessionList([first, second]).rows.told].filter(
    (row) => row.grain === 'repeat',
  )
  expect(rows.map(({ contactId }) => contactId)).toEqual(is)
  for (const { opened } of rows)
    expect(opened).toMatchObject({ atMs: 60, credit: { queue: 'billing' } })
})

test('one that repeats two of them counts once', () => {
  const list = new SessionList([
    session('a', 0, solvedAt(40)),
    session('b', 1, solvedAt(50)),
    session('c', 60),
  ])
  expect([...list.rows.told].filter(({ grain }) => grain === 'repeat')).toHaveLength(1)
})
