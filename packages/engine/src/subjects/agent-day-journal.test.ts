import { agentDaySubject, journalKey } from '@deskpulse/core/state'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { answers, asks, isIn, mondayMs, opened, tenant } from '../testing/alert-log.ts'
import { foldLog, openOf, recordOf } from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'
import type { MemoryStore } from '../replay/memory-store.ts'

const contacts = ['c-1', 'c-2', 'c-3']
const messages = 900
const key = journalKey(agentDaySubject(tenant, 'a-1', Math.floor(mondayMs / dayMs)))

/** Three long conversations of one agent at once. */
function conversations() {
  const begin = contacts.flatMap((contactId) => [opened(0, contactId, { queue: 'q' })])
  const talk = Array.from({ length: messages }, (_, index) => {
    const contactId = contacts[index % contacts.length]!
    return index % 2 === 0 ? asks(index + 1, contactId) : answers(index + 1, contactId)
  })
  return [...begin, ...talk].map((event, index) =>
    recordOf(index, (event.timeMs + 5) as EpochMs, [event]),
  )
}

const toldBy = (store: MemoryStore) => ({
  measures: measuresOf(store, tenant),
  open: openOf(store, tenant),
})

test('an agent’s journal of long conversations stays short, and a worker that takes over goes on with the same', async () => {
  const log = conversations()
  const sizes: number[] = []
  const store = await foldLog(log, { batchSizes: [1], restartAt: new Set([50, 300, 700]) })
  await foldLog(log, {
    batchSizes: [1],
    folded: ({ change }) =>
      sizes.push(
        ...change.appends.filter((append) => append.key === key).map(({ bytes }) => bytes.length),
      ),
  })
  expect(Math.max(...sizes)).toBeLessThan(400) // Not the whole conversation again.
  expect(sizes.length).toBeGreaterThan(messages / 4)
  expect(store.records.get(key)!.length).toBeLessThan(32 * 1024)
  expect(toldBy(store)).toEqual(toldBy(await foldLog(log)))
})

test('a journal that is long for its own events is appended to, and a worker that takes over goes on with the same', async () => {
  const states = Array.from({ length: 400 }, (_, index) =>
    isIn(index, 'a-1', index % 2 === 0 ? 'available' : 'break'),
  )
  const log = states.map((event, index) => recordOf(index, (event.timeMs + 5) as EpochMs, [event]))
  const restarted = await foldLog(log, {
    batchSizes: [1],
    restartAt: new Set(Array.from({ length: 400 }, (_, fold) => fold)),
  })
  expect(restarted.records.get(key)!.length).toBeGreaterThan(32 * 1024)
  expect(toldBy(restarted)).toEqual(toldBy(await foldLog(log)))
})
