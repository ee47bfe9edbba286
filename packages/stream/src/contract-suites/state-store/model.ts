import fc from 'fast-check'
import { expect, test } from 'vitest'
import type {
  Acquired,
  Change,
  ChangeCursor,
  CommitOutcome,
  HashResult,
  StateStore,
} from '../../state-store.ts'
import { type Changed, changedBy } from '../../changed/changed.ts'
import { at, bytes, changeOf, dueAt, offset, p0, text } from './fixture.ts'
import type { OpenStateStore, Parts } from './fixture.ts'
import { naiveStore } from './naive-store.ts'

const recordKeys = ['m:a', 'm:b', 's:a', 'j:a']
const keysOfHash = ['m:h#1', 'm:h#2']
const allKeys = [...recordKeys, ...keysOfHash]
const listKeys = ['o:a', 'o:b']
const hashKeys = ['open:a', 'backlog:a']
const value = fc.string({ maxLength: 3 }).map(bytes)
const someValue = fc.string({ minLength: 1, maxLength: 3 }).map(bytes)
const hourMs = 3_600_000
const names = fc.constantFrom('x', 'y', 'z')
const time = fc.integer({ min: 0, max: 9 }).map(at)

const parts: fc.Arbitrary<Parts> = fc.record({
  puts: fc.array(
    fc.oneof(
      fc.record({ key: fc.constantFrom(...recordKeys), bytes: fc.option(value) }),
      fc.record({
        key: fc.constantFrom(...keysOfHash),
        bytes: fc.option(someValue),
        expiresInMs: fc.option(fc.constant(hourMs), { nil: undefined }),
      }),
    ),
    { maxLength: 4 },
  ),
  expiries: fc.array(fc.constantFrom({ key: 'm:h', expiresInMs: hourMs }), { maxLength: 1 }),
  appends: fc.array(fc.record({ key: fc.constantFrom(...recordKeys), bytes: value }), {
    maxLength: 3,
  }),
  fields: fc.uniqueArray(
    fc.record({ key: fc.constantFrom(...hashKeys), field: names, bytes: fc.option(someValue) }),
    {
      maxLength: 4,
      selector: ({ key, field }) => `${key} ${field}`,
    },
  ),
  lists: fc.array(
    fc.record({ key: fc.constantFrom(...listKeys), member: names, score: fc.option(time) }),
    { maxLength: 4 },
  ),
  wakes: fc.array(fc.record({ subject: names, atMs: fc.option(time) }), { maxLength: 3 }),
  out: fc.array(fc.record({ id: names, topic: names, key: names, bytes: value }), { maxLength: 2 }),
})

type Step =
  | { readonly kind: 'acquire' }
  | { readonly kind: 'trim'; readonly entries: number }
  /** Owner: how many acquisitions ago; skew: how far its idea of the offset is off. */
  | {
      readonly kind: 'commit'
      readonly ownersAgo: number
      readonly skew: number
      readonly logTime: number
      readonly parts: Parts
    }

const mostly = <T>(usual: T, ...rare: T[]) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...rare) },
  )
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      ownersAgo: mostly(0, 1),
      skew: mostly(0, -1, 2),
      logTime: time,
      parts,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'acquire' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('trim' as const),
      entries: fc.integer({ min: 0, max: 4 }),
    }),
  },
)

export function modelContract(open: OpenStateStore): void {
  test('any history of commits, acquisitions and trims leaves what a naive store in memory holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const store = await open()
        try {
          await sameAsNaive(store, steps)
        } finally {
          await store.close()
        }
      }),
      { numRuns: 60 },
    )
  }, 60_000)
}

async function sameAsNaive(store: StateStore, steps: readonly Step[]): Promise<void> {
  const naive = naiveStore()
  const owners: Acquired[] = []
  const acquire = async () => {
    owners.unshift(await store.acquire(p0))
    naive.acquire(owners[0]?.epoch)
  }
  await acquire()
  let cursor = (await store.read(p0, { keys: [] })).cursor
  const followed = new Map(hashKeys.map((key) => [key, new Map<string, string>()]))
  for (const next of steps) {
    let changed: Changed = new Map()
    if (next.kind === 'acquire') await acquire()
    if (next.kind === 'trim') {
      const page = await store.readOutbox(p0, next.entries)
      await store.trimOutbox(
        p0,
        page.map(({ position }) => position),
      )
      naive.trim(next.entries)
    }
    if (next.kind === 'commit') {
      const change = changeFor(next, owners, naive.state().offset)
      const outcome: CommitOutcome = naive.commit(change)
      expect(await store.commit(p0, change)).toEqual(outcome)
      if (outcome.kind === 'committed') changed = changedBy(change)
    }
    cursor = await compare(store, naive, cursor, changed, followed)
  }
}

function changeFor(
  step: Step & { kind: 'commit' },
  owners: readonly Acquired[],
  stored: number,
): Change {
  const owner = owners[step.ownersAgo] ?? owners[0]
  if (owner === undefined) throw new Error('nobody has acquired yet')
  const fromOffset = offset(stored + step.skew)
  return changeOf(owner, {
    ...step.parts,
    fromOffset,
    logTimeMs: at(step.logTime),
    watermarkMs: at(step.logTime),
  })
}

async function compare(
  store: StateStore,
  naive: ReturnType<typeof naiveStore>,
  since: ChangeCursor,
  changed: Changed,
  followed: ReadonlyMap<string, Map<string, string>>,
): Promise<ChangeCursor> {
  const state = naive.state()
  const hashes = hashKeys.map((key) => ({ key, fields: [] }))
  const snapshot = await store.read(p0, {
    keys: allKeys,
    lists: listKeys.map((key) => ({ key, members: 2 })),
    hashes,
    since,
  })
  const loaded = await store.load(p0, allKeys, { ...dueAt(5), limit: 2 }, [...hashKeys, 'm:h'])
  for (const [place, result] of snapshot.hashes.entries())
    followHash(followed.get(hashKeys[place]!)!, result)
  const out = await store.readOutbox(p0, 1_000)
  const values = allKeys.map(naive.value)
  expect({
    ...{ offset: snapshot.offset, logTimeMs: snapshot.logTimeMs, changed: snapshot.changed },
    ...{
      read: snapshot.values.map(text),
      loaded: loaded.values.map(text),
      lists: snapshot.lists,
      wakes: loaded.wakes,
    },
    whole: loaded.hashes.map(textsOf),
    followed: hashKeys.map((key) => followed.get(key)),
    out: out.map(({ entry: { id, topic, key, bytes: content } }) => [
      id,
      topic,
      key,
      text(content),
    ]),
  }).toEqual({
    ...{ offset: state.offset, logTimeMs: state.logTimeMs, changed },
    ...{
      read: values,
      loaded: values,
      lists: listKeys.map((key) => naive.list(key, 2)),
      wakes: naive.dueWakes(5, 2),
    },
    whole: [...hashKeys.map(naive.hash), naive.recordsOf('m:h')],
    followed: hashKeys.map(naive.hash),
    out: state.out.map(({ id, topic, key, bytes: content }) => [id, topic, key, text(content)]),
  })
  return snapshot.cursor
}

/** As a reader does it that holds a hash: it takes over what a read says of it. */
function followHash(held: Map<string, string>, { isWhole, fields }: HashResult): void {
  if (isWhole) held.clear()
  for (const [field, value] of fields)
    value === null ? held.delete(field) : held.set(field, text(value) ?? '')
}

const textsOf = (hash: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, unknown> =>
  new Map([...hash].map(([field, value]) => [field, text(value)]))
