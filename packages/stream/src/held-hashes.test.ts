import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytes, opened, p0, text, writer } from './contract-suites/state-store/fixture.ts'
import { embeddedStateStore } from './embedded/state-store.ts'
import { heldHashes } from './held-hashes.ts'
import type { ChangeCursor, HashQuery, Snapshot } from './state-store.ts'

class Texts {
  readonly texts = new Map<string, string>()
  puts = 0

  get size(): number {
    return this.texts.size
  }

  put(field: string, value: Uint8Array | null): void {
    this.puts += 1
    if (value === null) this.texts.delete(field)
    else this.texts.set(field, text(value)!)
  }
}

const keys = ['open:a', 'open:b', 'backlog:a'] as const
const change = fc.record({
  key: fc.constantFrom(...keys),
  field: fc.constantFrom('x', 'y', 'z'),
  value: fc.option(fc.constantFrom('1', '2')),
})
const step = fc.oneof(
  fc.record({ kind: fc.constant('commit' as const), changes: fc.array(change, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('read' as const), asked: fc.subarray([...keys]) }),
)

test('whatever is read when, what is held of a moment is what the store holds then', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.constantFrom(2, 1_000),
      async (steps, fieldsMax) => {
        const store = await embeddedStateStore({ file: ':memory:', changesKept: 4 })
        const { commit } = await writer(store)
        const held = heldHashes(() => new Texts(), fieldsMax)
        const stored = new Map(keys.map((key) => [key, new Map<string, string>()]))
        let since: ChangeCursor | undefined
        for (const next of [...steps, { kind: 'read' as const, asked: [...keys] }]) {
          if (next.kind === 'commit') {
            const fields = new Map(next.changes.map((one) => [`${one.key} ${one.field}`, one]))
              .values()
              .toArray()
            for (const { key, field, value } of fields)
              value === null ? stored.get(key)!.delete(field) : stored.get(key)!.set(field, value)
            await commit({
              fields: fields.map(({ key, field, value }) => ({
                key,
                field,
                bytes: value === null ? null : bytes(value),
              })),
            })
            continue
          }
          const hashes = held.query(next.asked)
          const snapshot = await store.read(p0, { keys: [], hashes, since })
          held.take(hashes, snapshot)
          since = snapshot.cursor
          for (const key of next.asked) expect(held.get(key)?.texts).toEqual(stored.get(key))
          for (const key of keys)
            expect(held.get(key)?.texts ?? stored.get(key)).toEqual(stored.get(key))
        }
        await store.close()
      },
    ),
    { numRuns: 150 },
  )
})

test('a hash that is held costs what changed of it, and once it is stale what changed since it was asked for', async () => {
  const store = await opened(() => embeddedStateStore({ file: ':memory:' }))
  const { commit } = await writer(store)
  await commit({
    fields: Array.from({ length: 1_000 }, (_, n) => ({
      key: 'open:a',
      field: `${n}`,
      bytes: bytes('1'),
    })),
  })
  const made: Texts[] = []
  const held = heldHashes(() => made[made.push(new Texts()) - 1]!, 10_000)
  let since: ChangeCursor | undefined
  const read = async (asked: readonly string[]): Promise<readonly HashQuery[]> => {
    const hashes = held.query(asked)
    const snapshot = await store.read(p0, { keys: [], hashes, since })
    held.take(hashes, snapshot)
    since = snapshot.cursor
    return hashes
  }
  const change = (field: string) =>
    commit({ fields: [{ key: 'open:a', field, bytes: bytes('2') }] })

  await read(['open:a'])
  await change('1')
  await read(['open:a'])
  expect([made.length, made[0]!.puts]).toEqual([1, 1_001])
  await change('2')
  await read([])
  expect(held.get('open:a')).toBeUndefined()
  await change('3')
  expect(await read(['open:a'])).toEqual([{ key: 'open:a', fields: ['2'] }])
  expect([made.length, made[0]!.puts, held.get('open:a')?.texts.get('3')]).toEqual([1, 1_003, '2'])
})

test('beyond its limit it forgets what was asked for longest ago, and nothing of what is asked for', () => {
  const held = heldHashes(() => new Texts(), 3)
  const two = { isWhole: true, fields: new Map([['x', bytes('1')], ['y', bytes('1')]]) } // prettier-ignore
  const read = (asked: readonly string[]): void => {
    const snapshot: Pick<Snapshot, 'hashes' | 'changed'> = {
      hashes: asked.map(() => two),
      changed: new Map(),
    }
    held.take(held.query(asked), snapshot)
  }
  const there = (): readonly string[] =>
    ['a', 'b', 'c'].filter((key) => held.get(key) !== undefined)
  read(['a', 'b'])
  expect(there()).toEqual(['a', 'b'])
  read(['a'])
  expect(there()).toEqual(['a'])
  read(['c'])
  expect(there()).toEqual(['c'])
  held.drop()
  expect(there()).toEqual([])
})
