import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Change, embeddedStateStore, type Offset, type PartitionId } from '@deskpulse/stream'
import { expect, onTestFinished, test } from 'vitest'
import type { LedgerChange } from './ledger.ts'
import { ledgerOn, recordEndingAt } from './testing/ledger-on.ts'

const partition = 0 as PartitionId
const putting = (key: string): LedgerChange => ({
  puts: [{ key, bytes: new Uint8Array([1]) }],
  lists: [],
  out: [],
})

/** Over a store of its own; `commits`: where each commit began and led, and the step that it named. */
async function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-ledger-'))
  const store = await embeddedStateStore({ file: join(folder, 'alerts.sqlite') })
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const acquired = await store.acquire(partition)
  const commits: (readonly [from: Offset, to: Offset, step: number | undefined])[] = []
  const commit = (of: PartitionId, change: Change) => {
    commits.push([change.fromOffset, change.toOffset, change.step])
    return store.commit(of, change)
  }
  const ledger = ledgerOn({ ...store, commit }, acquired)
  return { ledger, commits }
}

test('what is written at one offset is counted, from nothing at each offset anew: a store that was put back is noticed', async () => {
  const { ledger, commits } = await opened()
  const change = (key: string) =>
    ledger.change(() => Promise.resolve({ change: putting(key), result: null }))
  const intake = (to: number) =>
    ledger.intake(recordEndingAt(to), () =>
      Promise.resolve({ change: putting('read'), result: null }),
    )
  for (const key of ['a', 'b']) await change(key)
  await intake(3)
  for (const key of ['c', 'd', 'e']) await change(key)
  expect(commits).toEqual([
    [0, 0, 0],
    [0, 0, 1],
    [0, 3, 2],
    [3, 3, 0],
    [3, 3, 1],
    [3, 3, 2],
  ])
  expect(ledger.owner.lost()).toBeNull()
})

test('a decision that changes nothing writes nothing, unless more of the topic counts as read', async () => {
  const { ledger, commits } = await opened()
  const nothing = () =>
    Promise.resolve({ change: { puts: [], lists: [], out: [] }, result: 'told' })
  expect(await ledger.change(nothing)).toBe('told')
  expect(commits).toEqual([])
  await ledger.intake(recordEndingAt(2), nothing)
  await ledger.intake(recordEndingAt(2), nothing)
  expect(commits).toEqual([[0, 2, 0]])
  expect(ledger.owner.next()).toBe(2)
})
