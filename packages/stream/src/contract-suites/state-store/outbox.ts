import { expect, test } from 'vitest'
import type { OutboxEntry, OutboxId } from '../../state-store.ts'
import { bytes, opened, p0, writer } from './fixture.ts'
import type { OpenStateStore } from './fixture.ts'

export function outboxContract(open: OpenStateStore): void {
  const entry = (id: string): OutboxEntry => ({ id, topic: 'deskpulse.closed', key: `k${id}`, bytes: bytes(`value ${id}`) })
  const ids = (found: readonly { entry: OutboxEntry }[]): string[] => found.map(({ entry: { id } }) => id)

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
      (await store.readOutbox(p0, 10)).map((found) => ({ ...found.entry, bytes: bytes(Buffer.from(found.entry.bytes).toString()) })),
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
    expect({ ...second?.entry, bytes: [...(second?.entry.bytes ?? [1])] }).toEqual({ id: '2', topic: 't', key: '', bytes: [], headers: {} })
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

  test('trimming removes up to and including the position, and what is added later stays', async () => {
    const { store, commit } = await withEntries()
    const second = (await store.readOutbox(p0, 2))[1]?.position as OutboxId
    await commit({ out: [entry('4')] })
    await store.trimOutbox(p0, second)
    expect(ids(await store.readOutbox(p0, 10))).toEqual(['3', '4'])
  })

  test('trimming again, or through an older position, removes nothing more', async () => {
    const { store } = await withEntries()
    const [first, second] = await store.readOutbox(p0, 2)
    for (const position of [second?.position, second?.position, first?.position]) await store.trimOutbox(p0, position as OutboxId)
    expect(ids(await store.readOutbox(p0, 10))).toEqual(['3'])
  })

  test('positions go up, also after all was trimmed', async () => {
    const { store, commit } = await withEntries()
    const third = (await store.readOutbox(p0, 3))[2]?.position as OutboxId
    await store.trimOutbox(p0, third)
    await commit({ out: [entry('4')] })
    await store.trimOutbox(p0, third)
    expect(ids(await store.readOutbox(p0, 10))).toEqual(['4'])
  })
}
