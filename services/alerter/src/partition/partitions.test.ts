import type { AlertRecord } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { DeskpulseError, type PartitionId, PartitionLost, type StateStore } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { VirtualClock } from '../delivery/testing/virtual-clock.ts'
import { unassignedGraceMs } from './assignment.ts'
import { noChange } from './ledger.ts'
import { lookEveryMs, startPartitions } from './partitions.ts'
import { restFirstMs } from './takeover.ts'
import { openEmbedded } from './testing/embedded.ts'
import { groupOf } from './testing/group.ts'
import { type Tally, tally } from './testing/tally.ts'

const p0 = 0 as PartitionId

function command(id: string): AlertRecord {
  return {
    kind: 'command',
    command: {
      id,
      author: 'ann',
      atMs: 1 as EpochMs,
      kind: 'unsilence',
      tenant: 'acme',
      silenceId: 's',
    },
  }
}

const writing = async () => ({
  change: { ...noChange, puts: [{ key: 'desk:x', bytes: Buffer.from('1') }] },
  result: 0,
})

/** One member on a topic and a store; what it tells, in order. */
async function member(options: { store?: StateStore; recordsMax?: number } = {}) {
  const store = options.store ?? (await openEmbedded())
  const clock = new VirtualClock()
  const group = groupOf()
  const told: string[] = []
  const tallies: Tally[] = []
  const posts: Tally[] = []
  const partitions = await startPartitions({
    ...{
      log: group.log,
      store,
      topic: 'alerts',
      group: 'alerts.alerter',
      nowMs: clock.nowMs,
      timer: clock,
    },
    intakeRecordsMax: options.recordsMax ?? 100,
    relay: { wake: () => {}, stopRetrying: () => {}, stop: () => Promise.resolve() },
    roles() {
      const [book, delivery] = [tally(), tally('post:tally')]
      tallies.push(book)
      posts.push(delivery)
      return { book, delivery }
    },
    telemetry: {
      committed: (_, outcome) => void (outcome === 'committed' || told.push(outcome)),
      taken: (_, records) => void told.push(`took ${records}`),
      lagging: () => {},
      unreadable: (_, offset) => void told.push(`unreadable ${offset}`),
      gap: (_, expected, found) => void told.push(`gap ${expected}–${found}`),
      lost: (_, why) => void told.push(`lost: ${why}`),
      waiting: (_, { code }) => void told.push(code),
    },
  })
  return {
    clock,
    group,
    store,
    told,
    tallies,
    posts,
    partitions,
    held: () => tallies.at(-1)?.held(),
  }
}

const look = (clock: VirtualClock): Promise<void> => clock.pass(lookEveryMs)

async function offsetIn(store: StateStore): Promise<number> {
  return (await store.read(p0, { keys: [] })).offset
}

test('a partition without any record is owned too, as soon as it is assigned', async () => {
  const { clock, group, partitions, tallies } = await member()
  expect(partitions.owned()).toEqual([])
  group.assign(0)
  await look(clock)
  expect(partitions.owned()).toEqual([0])
  expect(tallies).toHaveLength(1)
})

test('records are taken in order, in commits of a bounded size, each with its offset', async () => {
  const { group, store, told, held } = await member({ recordsMax: 2 })
  group.append(...['a', 'b', 'c', 'd', 'e'].map(command))
  expect(await group.bring(0)).toBe(5)
  expect(told).toEqual(['took 2', 'took 2', 'took 1'])
  expect(held()).toBe('abcde')
  expect(await offsetIn(store)).toBe(5)
})

test('a batch that the group no longer counts on ends after a commit; the partition stays until the grace is over', async () => {
  const { group, partitions, told } = await member({ recordsMax: 2 })
  group.append(...['a', 'b', 'c', 'd', 'e'].map(command))
  let asked = 0
  expect(await group.bring(0, 5, () => ++asked < 3)).toBe(4)
  expect(told).toEqual(['took 2', 'took 2'])
  expect(partitions.owned()).toEqual([0])
})

test('while a store that a role asks is away the records are given to it again, and are taken in once', async () => {
  const { group, clock, told, tallies, held } = await member()
  group.append(command('a'), command('b'))
  await group.bring(0, 1)
  const { take } = tallies[0]!
  let failures = 2
  tallies[0]!.take = (...args) =>
    failures-- > 0 ? Promise.reject(new DeskpulseError('STORE_UNAVAILABLE', 'away')) : take(...args)
  const brought = group.bring(1)
  await clock.pass(1_000)
  expect(await brought).toBe(2)
  expect(told).toEqual(['took 1', 'STORE_UNAVAILABLE', 'STORE_UNAVAILABLE', 'took 1'])
  expect(held()).toBe('ab')
})

test('an unreadable record is told of, and blocks nothing', async () => {
  const { group, told, held } = await member()
  group.append(command('a'), Buffer.from('{"kind":"nonsense"}'), command('b'))
  expect(await group.bring(0)).toBe(3)
  expect(told).toEqual(['unreadable 1', 'took 3'])
  expect(held()).toBe('ab')
})

test('what the topic held before the partition was taken is taken in without a batch', async () => {
  const { clock, group, held } = await member()
  group.append(command('a'), command('b'))
  group.assign(0)
  await look(clock)
  expect(held()).toBe('ab')
})

test('records before the stored offset are skipped, and a batch that begins after it is sought back', async () => {
  const { group, held } = await member()
  group.append(...['a', 'b', 'c'].map(command))
  expect(await group.bring(2)).toBe(0)
  expect(await group.bring(0, 2)).toBe(2)
  expect(await group.bring(1)).toBe(3)
  expect(held()).toBe('abc')
})

test('records that the topic no longer holds are told as a gap, and the rest goes on', async () => {
  const { group, told, held } = await member()
  group.append(...['a', 'b', 'c'].map(command))
  group.retainFrom(2)
  expect(await group.bring(2)).toBe(0)
  expect(await group.bring(2)).toBe(3)
  expect(told).toEqual(['gap 0–2', 'took 1'])
  expect(held()).toBe('c')
})

test('another topic of alerts, longer than what was taken in, is refused by name', async () => {
  const before = await member()
  before.group.append(command('a'), command('b'))
  before.group.assign(0)
  await look(before.clock)
  expect(await offsetIn(before.store)).toBe(2)
  await before.partitions.stop()

  const { group, clock, partitions, store } = await member({ store: before.store })
  group.append(command('x'), command('y'), command('z'))
  const ended = expect(partitions.ended).rejects.toMatchObject({ code: 'STORE_OTHER_LOG' })
  group.assign(0)
  await look(clock)
  await ended
  expect(await offsetIn(store)).toBe(2)
})

test('once another process has acquired, nothing more is written, and the partition is let go', async () => {
  const { group, clock, store, told, tallies } = await member()
  group.assign(0)
  await look(clock)
  await store.acquire(p0)
  group.append(command('a'))
  expect(await group.bring(0)).toBe(0)
  expect(told).toContain('lost: fenced')
  expect(tallies[0]!.log).toEqual(['started with ', 'began', 'stopped'])
  expect(await offsetIn(store)).toBe(0)
})

test('after a fence the partition is taken back at once by a batch that the group still counts on, and by no other', async () => {
  const { group, clock, store, partitions, held } = await member()
  group.assign(0)
  await look(clock)
  await store.acquire(p0)
  group.append(command('a'))
  expect(await group.bring(0)).toBe(0)
  expect(await group.bring(0)).toBe(0)
  expect(await group.bring(0, 1, () => false)).toBe(0)
  expect(partitions.owned()).toEqual([])
  expect(await group.bring(0)).toBe(1)
  expect(held()).toBe('a')
})

test('without a batch a fenced partition is left alone, longer each time: a worker that froze does not fight its successor', async () => {
  const { group, clock, store, partitions, tallies } = await member()
  group.assign(0)
  await look(clock)
  for (const restMs of [restFirstMs, 2 * restFirstMs, 4 * restFirstMs]) {
    await store.acquire(p0)
    await expect(tallies.at(-1)!.ledger().change(writing)).rejects.toBeInstanceOf(PartitionLost)
    await clock.pass(restMs - 2 * lookEveryMs)
    expect(partitions.owned()).toEqual([])
    await clock.pass(4 * lookEveryMs)
    expect(partitions.owned()).toEqual([0])
  }
})

test('a partition that stays unassigned is let go; one that comes back soon is kept', async () => {
  const { group, clock, partitions, tallies } = await member()
  group.assign(0)
  await look(clock)
  group.assign()
  await clock.pass(unassignedGraceMs - lookEveryMs)
  group.assign(0)
  await look(clock)
  expect(tallies).toHaveLength(1)
  group.assign()
  await clock.pass(unassignedGraceMs + lookEveryMs)
  expect(partitions.owned()).toEqual([])
  expect(tallies[0]!.log).toEqual(['started with ', 'began', 'stopped'])
})

test('a store that was put back is noticed at the next commit, and the topic is read on from what it holds', async () => {
  const real = await openEmbedded()
  let putBack = false
  const store: StateStore = {
    ...real,
    commit: (partition, change) =>
      putBack
        ? Promise.resolve({ kind: 'behind', offset: 0 as never })
        : real.commit(partition, change),
  }
  const { group, clock, told, tallies } = await member({ store })
  group.assign(0)
  group.append(command('a'))
  await look(clock)
  putBack = true
  group.append(command('b'))
  const brought = group.bring(1)
  await clock.pass(0)
  expect(await brought).toBe(0)
  putBack = false
  expect(told).toEqual(['took 1', 'behind', 'lost: behind'])
  await look(clock)
  expect(tallies).toHaveLength(2)
  expect(tallies[1]!.held()).toBe('ab')
})

test('while the store is away it is asked again, and nothing is lost or written twice', async () => {
  const real = await openEmbedded()
  let failures = 0
  const away = new DeskpulseError('STORE_UNAVAILABLE', 'away')
  const store: StateStore = {
    ...real,
    acquire: (partition) => (failures-- > 0 ? Promise.reject(away) : real.acquire(partition)),
    commit: (partition, change) =>
      failures-- > 0 ? Promise.reject(away) : real.commit(partition, change),
  }
  const { group, clock, told, held } = await member({ store })
  failures = 2
  group.append(command('a'))
  const brought = group.bring(0)
  await clock.pass(1_000)
  expect(await brought).toBe(1)
  failures = 3
  group.append(command('b'))
  const next = group.bring(1)
  await clock.pass(5_000)
  expect(await next).toBe(2)
  expect(held()).toBe('ab')
  expect(told.filter((what) => what === 'STORE_UNAVAILABLE')).toHaveLength(5)
})

test('a commit that was written but not acknowledged is not written again', async () => {
  const real = await openEmbedded()
  let silent = false
  const store: StateStore = {
    ...real,
    async commit(partition, change) {
      const outcome = await real.commit(partition, change)
      if (silent) throw new DeskpulseError('STORE_UNAVAILABLE', 'no answer')
      return outcome
    },
  }
  const { group, clock, told, tallies } = await member({ store })
  group.assign(0)
  await look(clock)
  silent = true
  const changed = tallies[0]!.ledger().change(writing)
  const refused = expect(changed).rejects.toBeInstanceOf(PartitionLost)
  await clock.pass(1_000)
  silent = false
  await clock.pass(1_000)
  await refused
  expect(told.filter((what) => what !== 'STORE_UNAVAILABLE')).toEqual(['behind', 'lost: behind'])
})

test('a stop lets the roles end in order, and gives the partitions up', async () => {
  const { group, clock, partitions, told, tallies } = await member()
  group.assign(0)
  await look(clock)
  await partitions.stop()
  expect(tallies[0]!.log).toEqual(['started with ', 'began', 'stopped'])
  expect(told).toEqual(['lost: stopped'])
  await partitions.ended
})

test('what a role throws that is no loss ends the whole', async () => {
  const { group, partitions, tallies } = await member()
  group.append(command('a'))
  await group.bring(0)
  tallies[0]!.take = () => Promise.reject(new TypeError('a bug'))
  group.append(command('b'))
  await expect(group.bring(1)).rejects.toThrow('a bug')
  await partitions.stop()
})

test('a decision that waits for its change goes on before the next decision begins', async () => {
  const { group, clock, tallies } = await member()
  group.assign(0)
  await look(clock)
  const ledger = tallies[0]!.ledger()
  const order: string[] = []
  const one = async (name: string): Promise<void> => {
    await ledger.change(async () => {
      order.push(`${name} decides`)
      return { change: noChange, result: 0 }
    })
    order.push(`${name} follows`)
  }
  await Promise.all([one('a'), one('b')])
  expect(order).toEqual(['a decides', 'a follows', 'b decides', 'b follows'])
})

test('roles begin once the topic has been read to its end, and no earlier', async () => {
  const { group, clock, tallies } = await member({ recordsMax: 1 })
  group.append(command('a'), command('b'))
  group.assign(0)
  const log = (): readonly string[] => tallies[0]?.log ?? []
  await look(clock)
  expect(log()).toEqual(['started with ', 'took a', 'took b', 'began'])
  group.append(command('c'))
  await group.bring(2)
  await look(clock)
  expect(log()).toEqual(['started with ', 'took a', 'took b', 'began', 'took c'])
})

test('a state that has read the topic to its end is caught up from then on, however often it is acquired; an empty one is created anew', async () => {
  const { group, clock, store, tallies } = await member()
  group.append(command('a'))
  group.assign(0)
  await look(clock)
  const origin = tallies[0]!.origin()
  expect(origin).toEqual({ createdMs: clock.nowMs(), wasCaughtUp: false })
  await store.acquire(p0)
  await expect(tallies[0]!.ledger().change(writing)).rejects.toBeInstanceOf(PartitionLost)
  await clock.pass(restFirstMs + lookEveryMs)
  expect(tallies[1]!.origin()).toEqual({ ...origin, wasCaughtUp: true })
})

test('what people asked of endpoints before a state was created is not done again, and all the rest is taken in', async () => {
  const { group, clock, tallies, posts } = await member()
  const asked: AlertRecord = {
    kind: 'command',
    command: {
      id: 't',
      author: 'ann',
      atMs: 1 as EpochMs,
      kind: 'test-endpoint',
      endpoint: 'floor',
    },
  }
  const delivered: AlertRecord = {
    kind: 'delivered',
    endpoint: 'floor',
    messageId: 'm',
    notices: [],
  }
  clock.atMs = (Date.now() + 60_000) as EpochMs
  group.append(asked, delivered, command('a'))
  group.assign(0)
  await look(clock)
  expect(posts[0]!.log).toEqual(['started with ', 'took m', 'began'])
  expect(tallies[0]!.held()).toBe('a')
  clock.atMs = (Date.now() - 60_000) as EpochMs
  group.append(asked)
  await group.bring(3)
  expect(posts[0]!.log.at(-1)).toBe('took t')
})
