import type { ReadQuery, Snapshot } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { hashesOnce } from './hashes-once.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

/** A store of one hash: what it holds at each read, and what has changed since the one before; `null`: its feed does not reach back. */
type Moment = {
  readonly holds: Readonly<Record<string, string>>
  readonly changed: readonly string[] | null
}

function storeOf(moments: readonly Moment[]) {
  const queries: ReadQuery[] = []
  const read = (query: ReadQuery): Promise<Snapshot> => {
    const { holds, changed } = moments[queries.length]!
    queries.push(query)
    const hashes = (query.hashes ?? []).map(({ fields }) => {
      const isWhole = fields === null || changed === null
      const names = isWhole ? Object.keys(holds) : [...fields, ...changed]
      const value = (name: string) => (holds[name] === undefined ? null : bytes(holds[name]))
      return { isWhole, fields: new Map(names.map((name) => [name, value(name)])) }
    })
    return Promise.resolve({
      ...{ offset: 0, logTimeMs: 0, watermarkMs: 0, values: [], lists: [], hashes },
      ...{ cursor: `after ${queries.length}`, changed: 'lost' },
    } as unknown as Snapshot)
  }
  return { read: hashesOnce(read), queries }
}

const open = { key: 'open:acme', fields: null }
const heldIn = ({ hashes }: Snapshot): unknown =>
  hashes.map(({ isWhole, fields }) => [
    isWhole,
    Object.fromEntries([...fields].map(([name, value]) => [name, Buffer.from(value!).toString()])),
  ])

test('a hash comes whole from the store once, then what has changed in it; it is whole each time', async () => {
  const { read, queries } = storeOf([
    { holds: { a: '1', b: '1' }, changed: null },
    { holds: { a: '1', c: '2' }, changed: ['b', 'c'] },
    { holds: { a: '3', c: '2' }, changed: ['a'] },
  ])
  expect(heldIn(await read({ keys: [], hashes: [open] }))).toEqual([[true, { a: '1', b: '1' }]])
  expect(heldIn(await read({ keys: [], hashes: [open] }))).toEqual([[true, { a: '1', c: '2' }]])
  expect(heldIn(await read({ keys: [], hashes: [open] }))).toEqual([[true, { a: '3', c: '2' }]])
  expect(queries.map(({ hashes, since }) => [hashes, since])).toEqual([
    [[open], undefined],
    [[{ ...open, fields: [] }], 'after 1'],
    [[{ ...open, fields: [] }], 'after 2'],
  ])
})

test('one that is asked for twice is read once, and stands in both places', async () => {
  const { read, queries } = storeOf([{ holds: { a: '1' }, changed: null }])
  const is = [true, { a: '1' }]
  expect(heldIn(await read({ keys: [], hashes: [open, open] }))).toEqual([is, is])
  expect(queries[0]!.hashes).toEqual([open])
})

test('where the store no longer knows what has changed, what it holds is taken', async () => {
  const { read } = storeOf([
    { holds: { a: '1', b: '1' }, changed: null },
    { holds: { c: '2' }, changed: null },
  ])
  await read({ keys: [], hashes: [open] })
  expect(heldIn(await read({ keys: [], hashes: [open] }))).toEqual([[true, { c: '2' }]])
})

test('a read without hashes between two of them moves nothing', async () => {
  const { read, queries } = storeOf([
    { holds: { a: '1' }, changed: null },
    { holds: { a: '2' }, changed: ['a'] },
    { holds: { a: '2' }, changed: ['a'] },
  ])
  await read({ keys: [], hashes: [open] })
  await read({ keys: ['k'] })
  expect(heldIn(await read({ keys: [], hashes: [open] }))).toEqual([[true, { a: '2' }]])
  expect(queries.map(({ since }) => since)).toEqual([undefined, undefined, 'after 1'])
})
