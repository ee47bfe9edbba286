import {
  cellsPerField,
  dayMs,
  decodeRecord,
  defaultTenantConfig,
  encodeRecord,
  families,
  firstBinCell,
  hourMs,
  kept,
  binOf,
  measureKey,
  measures,
  minuteMs,
  retentionMs,
  slicesOf,
  slotMs,
  sumCell,
  type EpochMs,
  type Fact,
  type FactChange,
  type Measure,
} from '@deskpulse/core'
import type { FoldedChange } from '@deskpulse/stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemoryStore } from '../testing/memory-store.ts'
import { ChangeSet } from './change-set.ts'
import { decodeJson } from './journal.ts'
import { MeasureDeltas } from './measure-deltas.ts'
import { writeMeasures } from './measure-writer.ts'
import { StoredRecords } from './stored-records.ts'
import { Tenant } from './tenant.ts'

const startMs = Date.UTC(2026, 2, 2, 8, 0, 0) as EpochMs
const config = { ...defaultTenantConfig, timeZone: 'Asia/Kolkata' }

/** A tenant's measures in a store of maps. */
function measured(maxBytes = 1e6) {
  const tenant = new Tenant('acme', [])
  tenant.propose({ id: 'a', predecessor: null, config }, startMs)
  const store = new MemoryStore()
  let records = new StoredRecords(maxBytes)
  let loads = 0
  return {
    tenant,
    store,
    loads: () => loads,
    restart: () => void (records = new StoredRecords(maxBytes)),
    async commit(facts: readonly FactChange[], logTimeMs: EpochMs): Promise<FoldedChange> {
      records.trim()
      const deltas = new MeasureDeltas(logTimeMs)
      for (const change of facts) deltas.add(tenant, change)
      const changes = new ChangeSet()
      const load: typeof store.load = (...asked) => {
        loads += 1
        return store.load(...asked)
      }
      await writeMeasures(deltas.total(), records, load, changes, logTimeMs)
      tenant.sliceDays.write(changes)
      const change = changes.finish({ logTimeMs, watermarkMs: logTimeMs })
      store.apply(change)
      return change
    },
  }
}

/** Cells by key, added up the plain way, one fact, slice and resolution at a time. */
class PlainMeasures {
  readonly records = new Map<string, Map<number, number>>()

  add(tenant: Tenant, { fact, sign }: FactChange, logTimeMs: EpochMs): void {
    const { measure, value, atMs, endMs } = fact
    const first = measure.field * cellsPerField
    if (measure.kind === 'count') this.#add(tenant, fact, atMs, first, sign * value, logTimeMs)
    if (measure.kind === 'duration') {
      this.#add(tenant, fact, atMs, first + sumCell, sign * value, logTimeMs)
      this.#add(tenant, fact, atMs, first + firstBinCell + binOf(value), sign, logTimeMs)
    }
    if (measure.kind !== 'span') return
    for (let minute = Math.floor(atMs / minuteMs) * minuteMs; minute < endMs!; minute += minuteMs) {
      const overlapMs = Math.min(endMs!, minute + minuteMs) - Math.max(atMs, minute)
      this.#add(tenant, fact, minute, first, sign * overlapMs, logTimeMs)
    }
  }

  #add(tenant: Tenant, fact: Fact, atMs: number, cell: number, value: number, logTimeMs: EpochMs): void {
    for (const text of slicesOf(fact.dimensions, fact.scope, config)) {
      for (const key of keysAt(tenant.slices.idOf(text)!, fact.measure, atMs, logTimeMs)) {
        const cells = this.records.get(key) ?? new Map<number, number>()
        this.records.set(key, cells.set(cell, (cells.get(cell) ?? 0) + value))
      }
    }
  }

  /** What is stored: records with anything in them. */
  stored(): Map<string, Uint8Array> {
    const stored = new Map<string, Uint8Array>()
    for (const [key, cells] of this.records) {
      const there = [...cells].filter(([, value]) => value !== 0).sort(([a], [b]) => a - b)
      if (there.length > 0) stored.set(key, encodeRecord({ cells: there.map(([cell]) => cell), values: there.map(([, value]) => value) }))
    }
    return stored
  }
}

function keysAt(slice: number, { family }: Measure, atMs: number, logTimeMs: EpochMs): string[] {
  const keys = [measureKey('acme', slice, 'day', dayStartInKolkata(atMs), family)]
  for (const [resolution, sizeMs] of [
    ['minute', minuteMs],
    ['slot', slotMs],
  ] as const) {
    const bucketMs = Math.floor(atMs / sizeMs) * sizeMs
    if (kept((bucketMs + sizeMs) as EpochMs, resolution, logTimeMs))
      keys.push(measureKey('acme', slice, resolution, bucketMs as EpochMs, family))
  }
  return keys
}

/** Midnight is at 18:30 UTC. */
function dayStartInKolkata(atMs: number): EpochMs {
  const aheadMs = 5.5 * hourMs
  return (Math.floor((atMs + aheadMs) / dayMs) * dayMs - aheadMs) as EpochMs
}

let facts = 0
const factOf = (measure: Measure, atMs: number, value: number, rest: Partial<Fact> = {}): Fact => ({
  ...{ id: `f-${(facts += 1)}`, measure, atMs: atMs as EpochMs, value, scope: 'both' },
  ...{ dimensions: { queue: 'billing', agent: '7', channel: 'chat', class: 'live' } },
  ...rest,
})
const added = (fact: Fact): FactChange => ({ fact, sign: 1 })
const taken = (fact: Fact): FactChange => ({ fact, sign: -1 })

/** Mostly lately; some so long ago that their minute, or their slot, is no longer kept. */
const agoMs = fc.oneof(
  fc.integer({ min: 0, max: 20 * minuteMs }),
  fc.integer({ min: 0, max: 3 * hourMs }),
  fc.integer({ min: 0, max: 12 * dayMs }),
)
const change = fc
  .record({
    agoMs,
    sign: fc.constantFrom<1 | -1>(1, 1, -1),
    what: fc.oneof(
      fc.record({
        measure: fc.constantFrom<Measure>(measures.replyDue, measures.contactOpened, measures.fcrSolved),
        value: fc.constantFrom(1, -1, 3),
      }),
      fc.record({
        measure: fc.constantFrom<Measure>(measures.replyTime, measures.resolutionTimeFromRequest),
        value: fc.integer({ min: 0, max: 600_000 }),
      }),
      fc.record({
        measure: fc.constantFrom<Measure>(measures.agentHandling, measures.agentAvailable),
        value: fc.constant(1),
        lengthMs: fc.integer({ min: 1, max: 40 * minuteMs }),
      }),
    ),
    dimensions: fc.record({
      queue: fc.constantFrom<string | string[]>('billing', 'tech', ['billing', 'tech']),
      agent: fc.constantFrom('7', '8'),
      channel: fc.constantFrom('chat', 'email'),
      class: fc.constantFrom('live'),
    }),
    scope: fc.constantFrom<Fact['scope']>('both', 'wide', 'agent'),
  })
  .map(({ agoMs: ago, sign, what: { measure, value, ...what }, dimensions, scope }) => (logTimeMs: EpochMs): FactChange => {
    const atMs = logTimeMs - ago
    const endMs = 'lengthMs' in what ? ((atMs + what.lengthMs) as EpochMs) : undefined
    return { fact: factOf(measure, atMs, value, { dimensions, scope, ...(endMs === undefined ? {} : { endMs }) }), sign }
  })
const commit = fc.record({
  afterMs: fc.constantFrom(0, 1_000, 5 * minuteMs, 2 * hourMs, dayMs),
  changes: fc.array(change, { maxLength: 8 }),
  isUndone: fc.boolean(),
  restarts: fc.boolean(),
})

const measuresIn = (records: ReadonlyMap<string, Uint8Array>): Map<string, string> =>
  new Map([...records].filter(([key]) => key.startsWith('m:')).map(([key, bytes]) => [key, Buffer.from(bytes).toString('hex')]))

test('any facts, late and taken back, in any commits, leave the bytes of a plain sum, whatever is cached', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(commit, { maxLength: 8 }), fc.constantFrom(0, 10_000, 1e6), async (commits, maxBytes) => {
      const at = measured(maxBytes)
      const plain = new PlainMeasures()
      let logTimeMs = startMs
      for (const { afterMs, changes, isUndone, restarts } of commits) {
        logTimeMs = (logTimeMs + afterMs) as EpochMs
        if (restarts) at.restart()
        const all = changes.map((one) => one(logTimeMs))
        await at.commit(all, logTimeMs)
        for (const one of all) plain.add(at.tenant, one, logTimeMs)
        const undone = isUndone ? all.map(({ fact, sign }): FactChange => ({ fact, sign: sign === 1 ? -1 : 1 })) : []
        await at.commit(undone, logTimeMs)
        for (const one of undone) plain.add(at.tenant, one, logTimeMs)
        expect(measuresIn(at.store.records)).toEqual(measuresIn(plain.stored()))
        expect(dayCounts(at.store)).toEqual(countedDays(at.store))
      }
    }),
    { numRuns: 150 },
  )
})

/** Those that are not 0, by slice. */
function dayCounts(store: MemoryStore): Map<number, number> {
  const bytes = store.records.get('slice-days:acme')
  const counts = bytes === undefined ? [] : decodeJson<number[]>(bytes)
  return new Map([...counts.entries()].filter(([, count]) => count !== 0))
}

function countedDays(store: MemoryStore): Map<number, number> {
  const counts = new Map<number, number>()
  for (const key of [...store.records.keys()].sort()) {
    const [kind, , slice, resolution] = key.split(':')
    if (kind === 'm' && resolution === 'day') counts.set(Number(slice), (counts.get(Number(slice)) ?? 0) + 1)
  }
  return new Map([...counts].sort(([a], [b]) => a - b))
}

const putsOf = ({ puts }: FoldedChange, resolution: string): FoldedChange['puts'] =>
  puts.filter(({ key }) => key.startsWith('m:') && key.split(':')[3] === resolution)
const agent = { dimensions: { agent: '7' }, scope: 'agent' } as const

describe('one commit', () => {
  test('puts a record once, however many minutes add to it', async () => {
    const at = measured()
    const minutes = [0, 1, 2].map((n) => added(factOf(measures.replyDue, startMs + n * minuteMs, 1, agent)))
    const folded = await at.commit(minutes, (startMs + 5 * minuteMs) as EpochMs)
    expect(['minute', 'slot', 'day'].map((resolution) => putsOf(folded, resolution).length)).toEqual([3, 1, 1])
    expect(decodeRecord(putsOf(folded, 'day')[0]!.bytes!).values).toEqual([3])
  })

  test('puts nothing where what it adds and takes back comes to nothing, be it in two minutes', async () => {
    const at = measured()
    const [here, there] = [0, 1].map((n) => factOf(measures.replyDue, startMs + n * minuteMs, 1, agent))
    await at.commit([added(here!)], startMs)
    expect((await at.commit([taken(here!), added(here!)], startMs)).puts).toEqual([])
    const nothing = await measured().commit([taken(here!), added(there!)], startMs)
    expect(['minute', 'slot', 'day'].map((resolution) => putsOf(nothing, resolution).length)).toEqual([2, 0, 0])
    expect(nothing.puts.some(({ key }) => key.startsWith('slice-days'))).toBe(false)
  })

  test('asks the store once for what it does not hold, and not again', async () => {
    const at = measured()
    const reply = added(factOf(measures.replyTime, startMs, 9_000))
    await at.commit([reply], startMs)
    expect(at.loads()).toBe(1)
    await at.commit([reply], startMs)
    expect(at.loads()).toBe(1)
    at.restart()
    await at.commit([reply], startMs)
    expect(at.loads()).toBe(2)
  })

  test('lets minutes and slots expire a day after they are read for the last time, and days never', async () => {
    const logTimeMs = (startMs + 10_000) as EpochMs
    const folded = await measured().commit([added(factOf(measures.replyDue, startMs, 1, agent))], logTimeMs)
    const expiry = (resolution: string): number | undefined => putsOf(folded, resolution)[0]!.expiresInMs
    expect(expiry('minute')).toBe(minuteMs - 10_000 + retentionMs.minute + dayMs)
    expect(expiry('slot')).toBe(slotMs - 10_000 + retentionMs.slot + dayMs)
    expect(expiry('day')).toBeUndefined()
  })

  test.each([
    { agoMs: retentionMs.minute + minuteMs - 1, resolutions: [1, 1, 1], rule: 'while its end and its retention are later than log time' },
    { agoMs: retentionMs.minute + minuteMs, resolutions: [0, 1, 1], rule: 'a minute no longer from then on' },
    { agoMs: retentionMs.slot + slotMs, resolutions: [0, 0, 1], rule: 'nor a slot' },
  ])('adds to a bucket $rule', async ({ agoMs: ago, resolutions }) => {
    const folded = await measured().commit([added(factOf(measures.replyDue, startMs, 1, agent))], (startMs + ago) as EpochMs)
    expect(['minute', 'slot', 'day'].map((resolution) => putsOf(folded, resolution).length)).toEqual(resolutions)
  })
})

test('families are stored apart', async () => {
  const folded = await measured().commit(
    [
      added(factOf(measures.replyDue, startMs, 1, agent)),
      added(factOf(measures.contactOpened, startMs, 1, agent)),
      added(factOf(measures.agentHandling, startMs, 1, { ...agent, endMs: (startMs + 1_000) as EpochMs })),
    ],
    startMs,
  )
  expect(putsOf(folded, 'day').map(({ key }) => key.split(':').at(-1))).toEqual([...families])
})
