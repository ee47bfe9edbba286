import { expect, test } from 'vitest'
import { type AlertRecord, decodeAlertRecord } from '@deskpulse/contract'
import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import { type LogRecord, outboxIdHeader, type PartitionId } from '@deskpulse/stream'
import {
  foldLog,
  openOf,
  recordOfEntries,
  alertRecordsOf,
} from '../../packages/engine/src/testing/fold-log.ts'
import { closedOf, issuesOf } from '../../packages/engine/src/testing/closed.ts'
import { measuresOf } from '../../packages/engine/src/testing/measures.ts'
import type { MemoryStore } from '../../packages/engine/src/replay/memory-store.ts'
import { worldOf } from '../oracle/batch/world.ts'
import { expectAsOracle } from '../oracle/support/compare.ts'
import { faultKinds } from './faults.ts'
import { simulateWorld, topics, type World } from './world.ts'

/** One seed again: `SIMULATION_SEED=17`. Others: `SIMULATION_SEEDS=1000-1999`. */
const seeds = seedsOf(process.env['SIMULATION_SEED'] ?? process.env['SIMULATION_SEEDS'] ?? '1-50')

function seedsOf(text: string): number[] {
  const [first = 1, last = first] = text.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

let alerts = 0
let [issued, issuedAgain] = [0, 0]
const struck = Object.fromEntries(faultKinds.map((kind) => [kind, 0]))

test.each(seeds)(
  'whatever goes wrong (seed %i), the values are those of a clean run and of the oracle',
  async (seed) => {
    const world = await simulateWorld(seed)
    for (const kind of faultKinds) struck[kind]! += world.faults.struck[kind]
    expect(world.failures).toEqual([])
    for (const [number, { tenant, config, events }] of world.inputs.entries()) {
      const { memory } = world.store.part(number as PartitionId)
      const clean = await foldLog(world.log.partitions[number]!)
      expectTold(world, number, clean)
      expect(measuresOf(memory, tenant)).toEqual(measuresOf(clean, tenant))
      expect(openOf(memory, tenant)).toEqual(openOf(clean, tenant))
      expect(wakesOf(memory)).toEqual(wakesOf(clean))
      expect(closedOf(memory, tenant)).toEqual(closedOf(clean, tenant))
      expect(issuesOf(memory, tenant)).toEqual(issuesOf(clean, tenant))
      expectClosed(world, tenant, clean)
      const reads = {
        slices: ['all', 'queue=billing', 'agent=0-a-1', 'class=live'],
        periods: ['hour', 'day'],
        windows: ['today', { minutes: 60 }],
      } as const
      const fromMs = Math.min(...events.map(({ timeMs }) => timeMs)) as EpochMs
      expectAsOracle(
        memory,
        worldOf(events, config, memory.logTimeMs),
        { ...reads, fromMs },
        tenant,
      )
      // Once nothing changes any more, what was issued last is what the oracle says.
      const quiet = await foldLog(withQuiet(world.log.partitions[number]!, memory.logTimeMs))
      const asOracle = { ...reads, windows: [], issued: true, fromMs }
      expectAsOracle(quiet, worldOf(events, config, quiet.logTimeMs), asOracle, tenant)
    }
    expectEveryRefusal(world)
  },
)

/** Then hours of nothing but heartbeats of a clock that is right, until nothing waits to be issued and nothing matures. */
function withQuiet(records: readonly LogRecord[], logTimeMs: EpochMs): LogRecord[] {
  const settling = Array.from({ length: 30 }, (_, n) => (n + 1) * 5_000)
  const after = [...settling, ...Array.from({ length: 60 }, (_, n) => (n + 1) * 5 * minuteMs)]
  const beats = after.map((ms, n) => {
    const atMs = (logTimeMs + ms) as EpochMs
    const clock = { name: 'right', wallMs: atMs, monotonicMs: ms }
    return recordOfEntries(records.length + n, atMs, [], clock)
  })
  return [...records, ...beats]
}

/** Every issue of a clean run, at least once, each always the same. */
function expectClosed({ log }: World, tenant: string, clean: MemoryStore): void {
  const told = new Map<string, string>()
  for (const { topic, value, ...record } of log.published) {
    const key = String(record.key)
    if (topic !== topics.closed || !key.startsWith(`${tenant}/`)) continue
    const text = Buffer.from(value!).toString()
    expect(told.get(key) ?? text).toBe(text)
    told.set(key, text)
  }
  const own = clean.out.filter(({ topic }) => topic === 'deskpulse.closed')
  expect(told).toEqual(new Map(own.map(({ key, bytes }) => [key, Buffer.from(bytes).toString()])))
  issued += told.size
  issuedAgain += [...told.values()].filter((text) => JSON.parse(text).revision > 1).length
}

/** Without those of sources, which are looked at early at times. */
function wakesOf({ wakes }: MemoryStore): Map<string, EpochMs> {
  return new Map([...wakes].filter(([subject]) => !subject.startsWith('s/')))
}

/** What a clean run tells the alerter, at least once, each always with the same id; and however much of them a reader has, at most one alert of a rule fires on a subject. */
function expectTold({ log }: World, partition: number, clean: MemoryStore): void {
  const told = new Map<string, AlertRecord>()
  const firing = new Set<string>()
  for (const { topic, value, headers } of log.published) {
    const id = headers?.[outboxIdHeader] ?? ''
    if (topic !== topics.alerts || !id.startsWith(`${partition}-`) || told.has(id)) continue
    const record = decodeAlertRecord(value!)
    told.set(id, record)
    if (record.kind !== 'transition') continue
    const { rule, subject, status } = record.transition
    expect(firing.has(`${rule} ${subject}`)).toBe(status === 'resolved')
    if (status === 'firing') firing.add(`${rule} ${subject}`)
    else firing.delete(`${rule} ${subject}`)
  }
  const own = alertRecordsOf(clean)
  expect(told).toEqual(
    new Map(own.map(({ id, record }) => [id.replace(/^0/, `${partition}`), record])),
  )
  alerts += [...told.values()].filter(({ kind }) => kind === 'transition').length
}

/** At least once, always with the same id. */
function expectEveryRefusal({ inputs, log }: World): void {
  const refused = inputs.flatMap(({ futureEvents }) => futureEvents).length
  const letters = log.published.filter(({ topic }) => topic === topics.deadLetter)
  expect(new Set(letters.map(({ headers }) => headers?.[outboxIdHeader])).size).toBe(refused)
}

test.runIf(seeds.length >= 50)('every kind of fault struck, and there was much to tell', () => {
  expect(Object.entries(struck).filter(([, times]) => times === 0)).toEqual([])
  expect(alerts).toBeGreaterThan(1_000)
  expect(issued).toBeGreaterThan(1_000)
  expect(issuedAgain).toBeGreaterThan(100)
})
