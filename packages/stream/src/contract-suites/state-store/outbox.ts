import { expect, test } from 'vitest'
import type { OutboxEntry, OutboxId, StateStore } from '../../state-store.ts'
import { bytes, opened, p0, writer } from './fixture.ts'
import type { OpenStateStore } from './fixture.ts'

export function outboxContract(open: OpenStateStore): void {
  const entry = (id: string): OutboxEntry => ({
    id,
    topic: 'deskpulse.closed',
    key: `k${id}`,
    bytes: bytes(`value ${id}`),
  })
  const ids = (found: readonly { entry: OutboxEntry }[]): string[] =>
    found.map(({ entry: { id } }) => id)

  async function withEntries() {
    const store = await opened(open)
    const { commit } = await writer(store)
    await commit({ out: [entry('1'), entry('2')] })
    await commit({ out: [entry('3')] })
    return { store, commit }
  }

  test('entries come out whole, in the order in which they were committed', async () => {
    const { store } = await withEntries()
    expect(
      (await store.readOutbox(p0, 10)).map((found) => ({
        ...found.entry,
        bytes: bytes(Buffer.from(found.entry.bytes).toString()),
      })),
    ).toEqual([entry('1'), entry('2'), entry('3')])
  })

  test('an entry keeps its bytes and its headers', async () => {
    const store = await opened(open)
    const { commit } = await writer(store)
    const headers = { code: 'before-base', 'weird "name"': 'é\n' }
    const value = Uint8Array.from({ length: 256 }, (_, i) => i)
    await commit({
      out: [
        { id: '1', topic: 't', key: '客户', bytes: value, headers },
        { id: '2', topic: 't', key: '', bytes: bytes(''), headers: {} },
      ],
    })
    const [first, second] = await store.readOutbox(p0, 2)
    expect({ ...first?.entry, bytes: [...(first?.entry.bytes ?? [])] }).toEqual({
      id: '1',
      topic: 't',
      key: '客户',
      bytes: [...value],
      headers,
    })
    expect({ ...second?.entry, bytes: [...(second?.entry.bytes ?? [1])] }).toEqual({
      id: '2',
      topic: 't',
      key: '',
      bytes: [],
      headers: {},
    })
  })

  test('at most as many as asked for, the oldest', async () => {
    const { store } = await withEntries()
    expect(ids(await store.readOutbox(p0, 2))).toEqual(['1', '2'])
    expect(await store.readOutbox(p0, 0)).toEqual([])
  })

  test('reading takes nothing away', async () => {
    const { store } = await withEntries()
    expect(await store.readOutbox(p0, 2)).toEqual(await store.readOutbox(p0, 2))
  })

  const positions = async (store: StateStore, limit = 10): Promise<OutboxId[]> =>
    (await store.readOutbox(p0, limit)).map(({ position }) => position)

  test('trimming removes what it names and nothing else: neither what was added later nor what came before', async () => {
    const { store, commit } = await withEntries()
    const [, second, third] = await positions(store)
    await commit({ out: [entry('4')] })
    await store.trimOutbox(p0, [second!, third!])
    expect(ids(await store.readOutbox(p0, 10))).toEqual(['1', '4'])
  })

  test('trimming what is gone, or nothing, removes nothing more', async () => {
    const { store } = await withEntries()
    const [first] = await positions(store)
    for (const gone of [[first!], [first!], []]) await store.trimOutbox(p0, gone)
    expect(ids(await store.readOutbox(p0, 10))).toEqual(['2', '3'])
  })

  test('positions go up, also after all was trimmed', async () => {
    const { store, commit } = await withEntries()
    const before = await positions(store)
    await store.trimOutbox(p0, before)
    await commit({ out: [entry('4')] })
    await store.trimOutbox(p0, before)
    expect(ids(await store.readOutbox(p0, 10))).toEqual(['4'])
  })
}
