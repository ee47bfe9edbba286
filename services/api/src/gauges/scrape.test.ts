import { noErasures } from '@deskpulse/access'
import { measures } from '@deskpulse/core/kpis'
import type { Measure } from '@deskpulse/core/measures'
import type { AgentRow, WaitingRow } from '@deskpulse/core/state'
import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import type { ReadQuery, StateStore } from '@deskpulse/stream'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type ReadModel, openReadModel } from '../read-model.ts'
import { type Floor, type FloorKind, openFloor } from '../testing/floor.ts'
import { gaugePrinter } from './scrape.ts'

const billing = ['all', 'queue=billing', 'class=live', 'queue=billing,class=live']
const waiting = (contactId: string): WaitingRow => ({
  contactId,
  dueAtMs: 0 as EpochMs,
  first: true,
  channel: 'chat',
})
const agent = (agentId: string): AgentRow => ({
  agentId,
  contacts: 1,
  capacity: null,
  queues: ['billing'],
})

async function world() {
  const floor = await openFloor()
  let keys = 0
  const store: Pick<StateStore, 'read' | 'follow'> = {
    read(partition, query: ReadQuery) {
      keys += query.keys.length + (query.hashes?.length ?? 0)
      return floor.store.read(partition, query)
    },
    follow: (...args) => floor.store.follow(...args),
  }
  const models: ReadModel[] = []
  const model = (): ReadModel => {
    const made = openReadModel({
      store,
      log: { read: () => Promise.resolve([]) },
      topic: 'deskpulse.log',
      partitions: 1,
      tenants: {},
      erased: noErasures(),
      nowMs: floor.nowMs,
      onFeedFailed: () => {},
      onUnreadable: () => {},
      onFolding: () => {},
    })
    models.push(made)
    return made
  }
  onTestFinished(async () => {
    for (const one of models) one.close()
    await floor.close()
  })
  /** What is asked of the store while `work` runs. */
  const asked = async (work: () => Promise<unknown>): Promise<number> => {
    const before = keys
    await work()
    return keys - before
  }
  return { floor, model, asked }
}

type Happening = (floor: Floor) => void

const members = fc.constantFrom('a', 'b')
const measured = fc.constantFrom<Measure>(
  measures.replyDue,
  measures.replyDueWithin,
  measures.agentHandling,
  measures.agentAvailable,
  measures.fcrDue,
)
const since = fc.integer({ min: -40 * minuteMs, max: 5 * minuteMs })
const opened = fc.constantFrom<FloorKind>(
  'reply.live',
  'reply.live.due',
  'queue.voice',
  'queue.voice.due',
  'backlog',
)
const worked = fc.constantFrom<FloorKind>(
  'agent.available',
  'agent-class.handling',
  'agent-class.available',
)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ measure: measured, at: since }).map(
    ({ measure, at }): Happening =>
      (floor) =>
        floor.count(measure, billing, 1, floor.nowMs() + at),
  ),
  fc.record({ kind: opened, member: members, at: fc.option(since) }).map(
    ({ kind, member, at }): Happening =>
      (floor) =>
        floor.open(kind, billing, waiting(member), at === null ? null : floor.nowMs() + at),
  ),
  fc.record({ kind: worked, member: members, at: fc.option(since) }).map(
    ({ kind, member, at }): Happening =>
      (floor) =>
        floor.open(kind, billing, agent(member), at === null ? null : floor.nowMs() + at),
  ),
)
/** Time that passes: less than a minute, some minutes, over midnight. */
const passing = fc.constantFrom(
  0,
  250,
  20_000,
  minuteMs,
  6 * minuteMs,
  11 * minuteMs,
  14 * 60 * minuteMs,
)
const step = fc.record({ ms: passing, happenings: fc.array(happening, { maxLength: 3 }) })

test('what is kept of a tenant is what would be read anew, whatever happens and however long nothing does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const floor = await openFloor()
      const models: ReadModel[] = []
      const printer = (): (() => Promise<string>) => {
        const model = openReadModel({
          store: floor.store,
          log: { read: () => Promise.resolve([]) },
          topic: 'deskpulse.log',
          partitions: 1,
          tenants: {},
          erased: noErasures(),
          nowMs: floor.nowMs,
          onFeedFailed: () => {},
          onUnreadable: () => {},
          onFolding: () => {},
        })
        models.push(model)
        return gaugePrinter(model)
      }
      try {
        await floor.commit()
        const print = printer()
        for (const { ms, happenings } of steps) {
          floor.wait(Math.max(ms, 1_001)) // A feed that is silent for a second is not trusted: the next scrape looks.
          for (const one of happenings) one(floor)
          await floor.commit()
          const kept = await print()
          expect(kept).toBe(await printer()())
          models.pop()?.close()
        }
      } finally {
        for (const model of models) model.close()
        await floor.close()
      }
    }),
    { numRuns: 40 },
  )
})

test('a tenant in which nothing happens is not read again, and its values are of the moment of the scrape', async () => {
  const { floor, model, asked } = await world()
  floor.open('backlog', ['all'], waiting('a'), floor.nowMs() - 90 * minuteMs)
  await floor.commit()
  const print = gaugePrinter(model())
  const first = await asked(print)
  floor.wait(11 * minuteMs)
  await floor.commit()
  await print()
  floor.wait(60 * minuteMs)
  await floor.commit()
  let text = ''
  const again = await asked(async () => (text = await print()))
  expect(first).toBeGreaterThan(10)
  expect(again).toBeLessThanOrEqual(1)
  expect(text).toContain('deskpulse_kpi_backlog{tenant="acme"} 1\n')
  expect(text).toContain(
    `deskpulse_kpi_as_of_timestamp_seconds{tenant="acme"} ${floor.nowMs() / 1_000}\n`,
  )
})

test('labels are written as Prometheus reads them', async () => {
  const { floor, model } = await world()
  floor.open('backlog', ['all', 'queue=a"b\\c'], waiting('a'), floor.nowMs())
  await floor.commit()
  expect(await gaugePrinter(model())()).toContain(
    'deskpulse_queue_kpi_backlog{tenant="acme",queue="a\\"b\\\\c"} 1\n',
  )
})

test.each([
  {
    rule: 'a wait passes its limit',
    happens: (floor: Floor) => {
      floor.open('reply.live', ['all'], waiting('a'), floor.nowMs())
      floor.open('reply.live.due', ['all'], waiting('a'), floor.nowMs() + 10_000)
    },
    name: 'kpi_waiting_over_target{tenant="acme"}',
    values: [0, 1],
  },
  {
    rule: 'an agent works on',
    happens: (floor: Floor) => {
      floor.open('agent-class.handling', ['all'], agent('a'), floor.nowMs())
      floor.open('agent-class.available', ['all'], agent('b'), floor.nowMs() - 20_000)
    },
    name: 'kpi_occupancy_ratio{tenant="acme",window="5m"}',
    values: [0, 1 / 3],
  },
])(
  'what time alone changes is read again within the minute: $rule',
  async ({ happens, name, values }) => {
    const { floor, model } = await world()
    happens(floor)
    const print = gaugePrinter(model())
    for (const value of values) {
      await floor.commit()
      expect(await print()).toContain(`deskpulse_${name} ${value}\n`)
      floor.wait(20_000)
    }
  },
)
