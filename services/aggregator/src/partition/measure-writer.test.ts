import {
  countOfRecord,
  dayMs,
  decodeRecord,
  decodeRolledTo,
  decodeRunning,
  defaultTenantConfig,
  encodeRecord,
  firstBinCell,
  firstCell,
  hourMs,
  isEmpty,
  kept,
  binOf,
  measureKey,
  measures,
  minuteMs,
  retentionMs,
  rolledToKey,
  runningKey,
  slicesOf,
  slotMs,
  sumCell,
  type EpochMs,
  type Fact,
  type FactChange,
  type Measure,
} from '@deskpulse/core'
import { placeInHash, type FoldedChange } from '@deskpulse/stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucketsOf, recordOf } from '../testing/measures.ts'
import { MemoryStore } from '../testing/memory-store.ts'
import { ChangeSet } from './change-set.ts'
import { decodeJson } from './journal.ts'
import { MeasureDeltas } from './measure-deltas.ts'
import { slicesRolledPerFold, writeMeasures } from './measure-writer.ts'
import { StoredRecords } from './stored-records.ts'
import { Tenant } from './tenant.ts'

const startMs = Date.UTC(2026, 2, 2, 8, 0, 0) as EpochMs
const config = { ...defaultTenantConfig, timeZone: 'Asia/Kolkata' }

/** A tenant's measures in a store of maps. */
function measured(maxBytes = 1e6) {
  let tenant = new Tenant('acme', [])
  tenant.propose({ id: 'a', predecessor: null, config }, startMs)
  const store = new MemoryStore()
  const first = new ChangeSet()
  tenant.write(first, startMs)
  store.apply(first.finish({ logTimeMs: startMs, watermarkMs: startMs }))
  let records = new StoredRecords(maxBytes)
  let loads = 0
  return {
    tenant: () => tenant,
    store,
    loads: () => loads,
    /** Another worker goes on with what is stored. */
    restart() {
      records = new StoredRecords(maxBytes)
      tenant = new Tenant(
        'acme',
        Tenant.keys('acme').map((key) => store.records.get(key) ?? null),
      )
    },
    async commit(facts: readonly FactChange[], logTimeMs: EpochMs): Promise<FoldedChange> {
      records.trim()
      const deltas = new MeasureDeltas(logTimeMs)
      for (const change of facts) deltas.add(tenant, change)
      const changes = new ChangeSet()
      const load: typeof store.load = (...asked) => {
        loads += 1
        return store.load(...asked)
      }
      await writeMeasures(deltas.total(), { records, tenants: [tenant], load }, changes, logTimeMs)
      tenant.write(changes, logTimeMs)
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
    const first = firstCell(measure)
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
      for (const key of keysAt(tenant.slices.idOf(text)!, atMs, logTimeMs)) {
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

function keysAt(slice: number, atMs: number, logTimeMs: EpochMs): string[] {
  const keys = [measureKey('acme', slice, 'day', dayStartInKolkata(atMs))]
  for (const [resolution, sizeMs] of [
    ['minute', minuteMs],
    ['slot', slotMs],
  ] as const) {
    const bucketMs = Math.floor(atMs / sizeMs) * sizeMs
    if (kept((bucketMs + sizeMs) as EpochMs, resolution, logTimeMs)) keys.push(measureKey('acme', slice, resolution, bucketMs as EpochMs))
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

/** Mostly lately, or ahead; some so long ago that their minute, or their slot, is no longer kept. */
const agoMs = fc.oneof(
  fc.integer({ min: -5 * minuteMs, max: 2 * minuteMs }),
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
  afterMs: fc.constantFrom(0, 1_000, 20_000, minuteMs, 5 * minuteMs, 2 * hourMs, dayMs),
  changes: fc.array(change, { maxLength: 8 }),
  isUndone: fc.boolean(),
  restarts: fc.boolean(),
})

const hexOf = (records: Iterable<readonly [string, Uint8Array]>): Map<string, string> =>
  new Map([...records].map(([key, bytes]) => [key, Buffer.from(bytes).toString('hex')]))

/** Buckets as a reader sees them, but minutes that are no longer kept: late facts leave them as they were. */
function seenIn(store: MemoryStore, logTimeMs: EpochMs): Map<string, string> {
  const seen = bucketsOf(store, 'acme')
    .filter(({ resolution, startMs: bucketMs }) => resolution !== 'minute' || isKeptMinute(bucketMs, logTimeMs))
    .map((bucket) => [measureKey('acme', bucket.slice, bucket.resolution, bucket.startMs), recordOf(store, 'acme', bucket)] as const)
    .filter(([, record]) => !isEmpty(record))
  return hexOf(seen.map(([key, record]) => [key, encodeRecord(record)]))
}

const isKeptMinute = (bucketMs: EpochMs, logTimeMs: EpochMs): boolean => kept((bucketMs + minuteMs) as EpochMs, 'minute', logTimeMs)

function plainAt(plain: PlainMeasures, logTimeMs: EpochMs): Map<string, string> {
  const isSeen = (key: string): boolean =>
    !key.startsWith('m:acme:minute:') || isKeptMinute(Number(/\d+(?=#)/.exec(key)![0]) as EpochMs, logTimeMs)
  return hexOf([...plain.stored()].filter(([key]) => isSeen(key)))
}

test('any facts, late and taken back, in any commits, are read as the bytes of a plain sum, however far minutes are rolled and whatever is cached', async () => {
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
        for (const one of all) plain.add(at.tenant(), one, logTimeMs)
        const undone = isUndone ? all.map(({ fact, sign }): FactChange => ({ fact, sign: sign === 1 ? -1 : 1 })) : []
        await at.commit(undone, logTimeMs)
        for (const one of undone) plain.add(at.tenant(), one, logTimeMs)
        expect(seenIn(at.store, logTimeMs)).toEqual(plainAt(plain, logTimeMs))
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

/** Day records of each slice; −1 where it has none, but records of running minutes. */
function countedDays(store: MemoryStore): Map<number, number> {
  const counts = new Map<number, number>()
  const running = decodeRunning(store.records.get(runningKey('acme')) ?? null)
  const rolledTo = decodeRolledTo(store.records.get(rolledToKey('acme')) ?? null)
  const isRunning = (startMs: number, slice: number): boolean =>
    running.some((minute, place) => minute.startMs === startMs && (place > 0 || slice >= rolledTo))
  const places = [...store.records.keys()].flatMap((key) => placeInHash(key) ?? [])
  for (const { hash, field } of places) if (hash.startsWith('m:acme:day:')) counts.set(Number(field), (counts.get(Number(field)) ?? 0) + 1)
  for (const { hash, field } of places) {
    const slice = Number(field)
    if (hash.startsWith('m:acme:minute:') && !counts.has(slice) && isRunning(Number(hash.split(':')[3]), slice)) counts.set(slice, -1)
  }
  return new Map([...counts].sort(([a], [b]) => a - b))
}

const putsOf = ({ puts }: FoldedChange, resolution: string): FoldedChange['puts'] =>
  puts.filter(({ key }) => key.startsWith(`m:acme:${resolution}:`))
const putCounts = (folded: FoldedChange): number[] => ['minute', 'slot', 'day'].map((resolution) => putsOf(folded, resolution).length)
const agent = { dimensions: { agent: '7' }, scope: 'agent' } as const

describe('one commit', () => {
  test('puts a record once, however many minutes add to it', async () => {
    const at = measured()
    const minutes = [0, 1, 2].map((n) => added(factOf(measures.replyDue, startMs + n * minuteMs, 1, agent)))
    const folded = await at.commit(minutes, (startMs + 5 * minuteMs) as EpochMs)
    expect(putCounts(folded)).toEqual([3, 1, 1])
    expect(decodeRecord(putsOf(folded, 'day')[0]!.bytes!).values).toEqual([3])
  })

  test('puts nothing where what it adds and takes back comes to nothing, be it in two minutes', async () => {
    const at = measured()
    const [here, there] = [0, 1].map((n) => factOf(measures.replyDue, startMs + n * minuteMs, 1, agent))
    await at.commit([added(here!)], startMs)
    expect((await at.commit([taken(here!), added(here!)], startMs)).puts).toEqual([])
    const nothing = await measured().commit([taken(here!), added(there!)], (startMs + hourMs) as EpochMs)
    expect(putCounts(nothing)).toEqual([2, 0, 0])
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
    const logTimeMs = (startMs + hourMs) as EpochMs
    const folded = await measured().commit([added(factOf(measures.replyDue, startMs, 1, agent))], logTimeMs)
    const expiry = (resolution: string): number | undefined => putsOf(folded, resolution)[0]!.expiresInMs
    expect(expiry('minute')).toBe(minuteMs - hourMs + retentionMs.minute + dayMs)
    expect(expiry('slot')).toBe(slotMs - hourMs + retentionMs.slot + dayMs)
    expect(expiry('day')).toBeUndefined()
  })

  test.each([
    { agoMs: retentionMs.minute + minuteMs - 1, resolutions: [1, 1, 1], rule: 'while its end and its retention are later than log time' },
    { agoMs: retentionMs.minute + minuteMs, resolutions: [0, 1, 1], rule: 'a minute no longer from then on' },
    { agoMs: retentionMs.slot + slotMs, resolutions: [0, 0, 1], rule: 'nor a slot' },
  ])('adds to a bucket $rule', async ({ agoMs: ago, resolutions }) => {
    const folded = await measured().commit([added(factOf(measures.replyDue, startMs, 1, agent))], (startMs + ago) as EpochMs)
    expect(putCounts(folded)).toEqual(resolutions)
  })

  test('puts measures of all families into one record of a slice', async () => {
    const folded = await measured().commit(
      [
        added(factOf(measures.replyDue, startMs, 1, agent)),
        added(factOf(measures.contactOpened, startMs, 2, agent)),
        added(factOf(measures.agentHandling, startMs, 1, { ...agent, endMs: (startMs + 1_000) as EpochMs })),
      ],
      startMs,
    )
    const [record, ...others] = putsOf(folded, 'minute')
    const content = decodeRecord(record!.bytes!)
    const all = [measures.replyDue, measures.contactOpened, measures.agentHandling].map((measure) => countOfRecord(content, measure))
    expect([all, others]).toEqual([[1, 2, 1_000], []])
  })
})

describe('a minute', () => {
  const minute = (n: number, ms = 0): EpochMs => (startMs + n * minuteMs + ms) as EpochMs
  const runningIn = (store: MemoryStore): number[] =>
    decodeRunning(store.records.get(runningKey('acme')) ?? null).map((one) => (one.startMs - startMs) / minuteMs)
  const one = added(factOf(measures.replyDue, startMs, 1, agent))
  const dayKey = measureKey('acme', 0, 'day', dayStartInKolkata(startMs))

  test('that runs, or is ahead, is the only one to get its facts; nothing of it expires', async () => {
    const at = measured()
    const folded = await at.commit([one, added(factOf(measures.replyDue, minute(4), 1, agent))], minute(0, 59_999))
    expect(putCounts(folded)).toEqual([2, 0, 0])
    expect(putsOf(folded, 'minute').map(({ expiresInMs }) => expiresInMs)).toEqual([undefined, undefined])
    expect([runningIn(at.store), dayCounts(at.store)]).toEqual([[0, 4], new Map([[0, -1]])])
  })

  test('that is over is added to its slot and its day, once, and expires from then on', async () => {
    const at = measured()
    await at.commit([one], minute(0, 1))
    const folded = await at.commit([], minute(1))
    expect(putCounts(folded)).toEqual([0, 1, 1])
    expect(folded.expiries).toEqual([{ key: `m:acme:minute:${startMs}`, expiresInMs: retentionMs.minute + dayMs }])
    expect([runningIn(at.store), dayCounts(at.store)]).toEqual([[], new Map([[0, 1]])])
    expect((await at.commit([], minute(2))).puts).toEqual([])
    expect(decodeRecord(at.store.records.get(dayKey)!).values).toEqual([1])
  })

  test('that is over, and was never running, gets its facts with its slot and its day at once', async () => {
    expect(putCounts(await measured().commit([one], minute(1)))).toEqual([1, 1, 1])
  })

  test('whose facts were all taken back leaves nothing', async () => {
    const at = measured()
    await at.commit([one], minute(0, 1))
    await at.commit([{ ...one, sign: -1 }], minute(0, 2))
    expect(dayCounts(at.store)).toEqual(new Map())
    expect(putCounts(await at.commit([], minute(1)))).toEqual([0, 0, 0])
    expect([...at.store.records.keys()].filter((key) => key.startsWith('m:') || key.startsWith('running:'))).toEqual([])
  })

  test('is rolled however late: after a quiet night its day has it, and what is no longer kept gets nothing', async () => {
    const at = measured()
    await at.commit([one], minute(0, 1))
    at.restart()
    const logTimeMs = (startMs + 9 * dayMs) as EpochMs
    const folded = await at.commit([], logTimeMs)
    expect([putCounts(folded), folded.expiries]).toEqual([[0, 0, 1], [{ key: `m:acme:minute:${startMs}`, expiresInMs: 1 }]])
    expect(decodeRecord(at.store.records.get(dayKey)!).values).toEqual([1])
  })

  const agents = Array.from({ length: 250 }, (_, n) => ({ scope: 'agent', dimensions: { agent: String(n) } }) as const)
  const ofAll = agents.map((rest) => added(factOf(measures.replyDue, startMs, 1, rest)))

  test('of many slices is rolled in pieces, those of the lowest numbers first; what was read stays the same all along', async () => {
    const at = measured()
    await at.commit(ofAll, minute(0, 1))
    const before = seenIn(at.store, minute(1))
    const pieces: number[] = []
    for (let ms = 0; runningIn(at.store).length > 0; ms += 1) {
      if (ms % 2 === 1) at.restart()
      pieces.push(putsOf(await at.commit([], minute(1, ms)), 'day').length)
      expect(seenIn(at.store, minute(1, ms))).toEqual(before)
      expect(dayCounts(at.store)).toEqual(countedDays(at.store))
    }
    expect(pieces).toEqual([slicesRolledPerFold, slicesRolledPerFold, 50])
  })

  test('that is rolled in part gets late facts where their slice stands: in all three, or in the minute alone', async () => {
    const at = measured()
    await at.commit(ofAll, minute(0, 1))
    await at.commit([], minute(1))
    expect(putCounts(await at.commit([taken(ofAll[0]!.fact)], minute(1, 1)))).toEqual([1, 101, 101])
    expect(putCounts(await at.commit([taken(ofAll[249]!.fact)], minute(1, 2)))).toEqual([1, 49, 49])
    expect(runningIn(at.store)).toEqual([])
    expect(dayCounts(at.store).size).toBe(248)
  })

  test('does not stay behind, however many slices the next ones have', async () => {
    const at = measured()
    for (let n = 0; n < 5; n += 1) {
      await at.commit(
        agents.map((rest) => added(factOf(measures.replyDue, minute(n), 1, rest))),
        minute(n, 1),
      )
      expect(runningIn(at.store)).toEqual([n])
    }
  })
})
