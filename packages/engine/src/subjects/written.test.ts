import { agentDaySubject, contactSubject, journalKey, rulesKey } from '@deskpulse/core/state'
import { dayMs } from '@deskpulse/core/time'
import type { Folded, LogRecord } from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { decodeJournal, encodeJournal } from '../partition/journal.ts'
import {
  answers,
  asks,
  contactRule,
  event,
  isIn,
  logOf,
  mondayMs,
  opened,
  tenant,
  withRules,
} from '../testing/alert-log.ts'
import { foldLog, openOf } from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'
import { MemoryStore } from '../replay/memory-store.ts'

const contact = contactSubject(tenant, 'c-1')
const agentDay = agentDaySubject(tenant, 'a-1', Math.floor(mondayMs / dayMs))

/** The subjects whose wakes each fold writes, a record at a time. */
async function wakesOf(records: readonly LogRecord[]): Promise<string[][]> {
  const wakes: string[][] = []
  const folded = ({ change }: Folded): void =>
    void wakes.push(change.wakes.map(({ subject }) => subject))
  await foldLog(records, { batchSizes: [1], folded })
  return wakes
}

describe('a wake', () => {
  test('that stands is not written again: of a contact, of an agent', async () => {
    const log = logOf(
      [1, opened(1, 'c-1'), asks(1, 'c-1'), isIn(1, 'a-1', 'available')],
      [2, asks(2, 'c-1'), event(2, 'agent.queue_joined', { agentId: 'a-1', queue: 'sales' })],
    )
    const [first, second] = await wakesOf(log)
    expect(first).toEqual(expect.arrayContaining([contact, agentDay]))
    expect([second!.includes(contact), second!.includes(agentDay)]).toEqual([false, false])
  })

  test('that has passed is written again', async () => {
    const log = logOf([1, opened(1, 'c-1'), asks(1, 'c-1'), isIn(1, 'a-1', 'available')], [1_000])
    const [, passed] = await wakesOf(log)
    expect(passed).toEqual(expect.arrayContaining([contact, agentDay]))
  })
})

test('what did not change is not written: rules, and journals of contacts that time alone wakes', async () => {
  const folds: {
    readonly rules: number
    readonly appended: readonly string[]
    readonly isEmpty: boolean
  }[] = []
  const folded = ({ change: { puts, appends } }: Folded): void => {
    const rules = puts.filter(({ key }) => key === rulesKey(tenant)).length
    folds.push({
      rules,
      appended: appends.map(({ key }) => key),
      isEmpty: appends.some(({ bytes }) => bytes.length === 0),
    })
  }
  const log = withRules([contactRule('waiting')], () => [
    [1, opened(1, 'c-1'), asks(1, 'c-1')],
    [100],
  ])
  await foldLog(log, { batchSizes: [1], restartAt: new Set([2]), folded })
  expect(folds.map(({ rules }) => rules)).toEqual([1, 0, 0])
  expect(folds.map(({ appended }) => appended.includes(journalKey(contact)))).toEqual([
    false,
    true,
    false,
  ])
  expect(folds.some(({ isEmpty }) => isEmpty)).toBe(false)
})

/** How often each fold of a log about so many contacts and agents reads the store; a new worker takes the third record over. */
async function loadsOf(count: number): Promise<number[]> {
  const store = new MemoryStore()
  const { load } = store
  const perFold: number[] = []
  let loads = 0
  const counted: MemoryStore['load'] = (...asked) => {
    loads += 1
    return load(...asked)
  }
  const folded = (): void => {
    perFold.push(loads)
    loads = 0
  }
  const all = (second: number) =>
    Array.from({ length: count }, (_, one) => [
      asks(second, `c-${one}`),
      answers(second, `c-${one}`),
      isIn(second, `b-${one}`, 'busy'),
    ]).flat()
  const log = logOf([1, ...all(1)], [2, ...all(2)], [3, ...all(3)], [4, ...all(4)])
  await foldLog(log, {
    batchSizes: [1],
    restartAt: new Set([2]),
    store: Object.assign(store, { load: counted }),
    folded,
  })
  return perFold
}

test('what is held is not read again, but for what is due; what is not, in as many round trips for many as for few', async () => {
  const [first, held, restarted, heldAgain] = await loadsOf(2)
  expect([held, heldAgain]).toEqual([1, 1])
  expect(restarted).toBe(first! + 1) // It asks how far the periods of its tenants are closed.
  expect(await loadsOf(8)).toEqual([first, held, restarted, heldAgain])
})

describe('the journal of an agent’s day', () => {
  const turns = Array.from({ length: 400 }, (_, turn) => 60 * (turn + 1))
  const log = logOf(
    [0, opened(0, 'c-1'), isIn(0, 'a-1', 'available')],
    ...turns.map((second) => [second, asks(second, 'c-1'), answers(second + 5, 'c-1')] as const),
  )

  test('holds little more than what is in force, however often its contacts say something else', async () => {
    const store = new MemoryStore()
    const sizes: number[] = []
    const newest: number[] = []
    const measured = (): void => {
      const journal = store.records.get(journalKey(agentDay))
      if (journal === undefined) return
      sizes.push(journal.length)
      newest.push(encodeJournal(decodeJournal(journal).slice(-1)).length)
    }
    await foldLog(log, { batchSizes: [1], store, folded: measured })
    for (const [at, size] of sizes.entries()) expect(size).toBeLessThan(16 * 1024 + 3 * newest[at]!)
    expect(Math.max(...sizes)).toBeGreaterThan(15 * 1024) // It grows that far before it is written anew.
    expect(
      sizes.reduce((falls, size, at) => falls + (at > 0 && size < sizes[at - 1]! ? 1 : 0), 0),
    ).toBeLessThan(turns.length / 2)
  })

  test('gives the same day again, whenever another worker reads it', async () => {
    const restartAt = new Set(Array.from({ length: 15 }, (_, at) => 10 * at + 7))
    const [read, held] = [
      await foldLog(log, { batchSizes: [1], restartAt }),
      await foldLog(log, { batchSizes: [1] }),
    ]
    expect(measuresOf(read, tenant)).toEqual(measuresOf(held, tenant))
    expect(openOf(read, tenant)).toEqual(openOf(held, tenant))
  })
})
