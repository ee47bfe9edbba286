import { configEntry, encodeConfigEntry, entryKinds } from '@deskpulse/contract'
import { defaultTenantConfig, type Dimension, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData } from '@deskpulse/core/events'
import { catalogueOf, families } from '@deskpulse/core/kpis'
import { parseSlice, partText, pastValuesMax } from '@deskpulse/core/measures'
import type { EpochMs } from '@deskpulse/core/time'
import type { Entry, LogRecord } from '@deskpulse/stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryEvents, hour, logOf, one, startMs } from '../testing/arbitrary-logs.ts'
import {
  foldLog,
  lettersOf,
  openOf,
  recordOf,
  recordOfEntries,
  transitionsOf,
  type FoldOptions,
} from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'
import type { MemoryStore } from '../replay/memory-store.ts'
import { listOf } from '../testing/refusals.ts'

const tenant = 'acme'
const limitedTo = (sliceValuesMax: number, changed: Partial<TenantConfig> = {}): TenantConfig => ({
  ...defaultTenantConfig,
  sliceValuesMax,
  ...changed,
})

/** The first of these is the tenant's first configuration, each further one names the one before it. */
function proposals(...configs: readonly TenantConfig[]): Entry[] {
  let predecessor: string | null = null
  return configs.map((config) => {
    const entry = configEntry(config, predecessor)
    predecessor = entry.id
    return { tenant, kind: entryKinds.config, bytes: encodeConfigEntry(entry) }
  })
}

/** The records, after one that brings the configuration. */
function under(config: TenantConfig, records: readonly LogRecord[]): LogRecord[] {
  const first = recordOfEntries(0, records[0]!.appendedAtMs, proposals(config))
  return [
    first,
    ...records.map((record, index) => ({ ...record, offset: (index + 1) as typeof record.offset })),
  ]
}

let events = 0
const opened = (data: EventData, atMs = 0): CanonicalEvent => ({
  ...{ type: 'contact.opened', id: `e-${(events += 1)}`, source: '/test', sequence: '0', tenant },
  timeMs: (startMs + atMs) as EpochMs,
  data: { contactId: `c-${events}`, channel: 'chat', ...data },
})

/** How many contacts were opened, by slice, on the day. */
function openedBy(store: MemoryStore): Record<string, number> {
  const found: Record<string, number> = {}
  for (const [name, cells] of Object.entries(measuresOf(store, tenant))) {
    const [slice, resolution, , family] = name.split(' ')
    if (resolution === 'day' && family === 'contacts') found[slice!] = Object.values(cells)[0]!
  }
  return found
}

const inQueues = (...queues: readonly string[]): CanonicalEvent[] =>
  queues.map((queue) => opened({ queue }))
const logIn = (...records: readonly (readonly CanonicalEvent[])[]): LogRecord[] =>
  records.map((each, offset) => recordOf(offset, (startMs + offset * 60_000) as EpochMs, each))

describe('a value past the limit', () => {
  const log = under(limitedTo(2), logIn(inQueues('a', 'b', 'c', 'c', 'd', 'a')))

  test('is counted in all and every other dimension, and as other in its own', async () => {
    const store = await foldLog(log)
    expect(openedBy(store)).toMatchObject({
      all: 6,
      'queue=a': 2,
      'queue=b': 1,
      'queue=other': 3,
      'channel=chat': 6,
      'class=live': 6,
    })
    expect(openedBy(store)).toMatchObject({
      'queue=other,channel=chat': 3,
      'queue=other,class=live': 3,
    })
    expect(Object.keys(openedBy(store)).filter((slice) => /queue=[cd]/.test(slice))).toEqual([])
  })

  test('is told to its sender once, as an entry that is counted: no dead letter', async () => {
    for (const batchSizes of [[1], [10]]) {
      const store = await foldLog(log, { batchSizes, restartAt: new Set([1]) })
      const { total, refusals } = listOf(store, tenant)
      expect(total).toBe(2)
      expect(
        refusals.map(({ code, reason, event }) => [code, reason, event?.data?.['queue']]),
      ).toEqual([
        ['too-many-values', 'counted, but as queue=other: 2 values came before d', 'd'],
        ['too-many-values', 'counted, but as queue=other: 2 values came before c', 'c'],
      ])
      expect(lettersOf(store)).toEqual([])
    }
  })

  test('is told in the order of the dimensions, where an event has several', async () => {
    const store = await foldLog(
      under(
        limitedTo(1),
        logIn([opened({ queue: 'a' }), opened({ queue: 'b', channel: 'email' })]),
      ),
    )
    expect(listOf(store, tenant).refusals.map(({ reason }) => reason)).toEqual([
      'counted, but as channel=other: 1 values came before email',
      'counted, but as queue=other: 1 values came before b',
    ])
  })

  test('is told of the first hundred values: a flood does not drive everything else from the list', async () => {
    const flood = inQueues(...Array.from({ length: 3 * pastValuesMax }, (_, n) => `q-${n}`))
    const store = await foldLog(under(limitedTo(1), logIn(flood)))
    expect(listOf(store, tenant).total).toBe(pastValuesMax)
    expect(openedBy(store)['queue=other']).toBe(3 * pastValuesMax - 1)
  })

  test('of an agent: what its days hold is added to those of the other ones, each agent by its own states', async () => {
    const isIn = (agentId: string, state: string, atMs: number): CanonicalEvent => ({
      ...opened({}, atMs),
      type: 'agent.state_changed',
      data: { agentId, state },
    })
    const states = [isIn('a', 'available', 0), isIn('b', 'available', 0), isIn('c', 'break', 0)]
    const agentsIn = (store: MemoryStore, name: string): number =>
      Object.keys(openOf(store, tenant)[name] ?? {}).length
    const before = await foldLog(under(limitedTo(1), logIn(states)))
    expect(agentsIn(before, 'agent=a agent.available')).toBe(1)
    expect([
      agentsIn(before, 'agent=other agent.available'),
      agentsIn(before, 'agent=other agent.break'),
    ]).toEqual([1, 1])
    const after = await foldLog(under(limitedTo(1), logIn(states, [isIn('b', 'break', 60_000)])))
    expect([
      agentsIn(after, 'agent=other agent.available'),
      agentsIn(after, 'agent=other agent.break'),
    ]).toEqual([0, 2])
  })
})

describe('which values have slices of their own', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 })
  const limits = fc.integer({ min: 1, max: 2 })
  const lastMs = 21 * hour

  test('is decided by the log, however it is cut into batches and whoever folds it', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryEvents,
        limits,
        cuts,
        fc.uniqueArray(fc.integer({ min: 0, max: 12 })),
        async (all, max, sizes, restarts) => {
          const log = under(limitedTo(max), logOf(all, [3], 30_000, lastMs))
          const once = await foldLog(log, { batchSizes: [log.length] })
          const other = await foldLog(log, { batchSizes: sizes, restartAt: new Set(restarts) })
          expect(measuresOf(other, tenant)).toEqual(measuresOf(once, tenant))
          expect(openOf(other, tenant)).toEqual(openOf(once, tenant))
          expect(listOf(other, tenant)).toEqual(listOf(once, tenant))
          expect(transitionsOf(other)).toEqual(transitionsOf(once))
        },
      ),
      { numRuns: 100 },
    )
  })

  test('changes nothing in the slices of other dimensions, in whatever order the events come', async () => {
    const named = /queue=|agent=|channel=/
    const others = (store: MemoryStore): unknown =>
      Object.entries({ ...measuresOf(store, tenant), ...openOf(store, tenant) }).filter(
        ([slice]) => !named.test(slice),
      )
    await fc.assert(
      fc.asyncProperty(
        arbitraryEvents.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        limits,
        cuts,
        async ([all, shuffled], max, perRecord) => {
          const free = await foldLog(under(limitedTo(100), logOf(all, [all.length], 0, lastMs)))
          const full = await foldLog(
            under(limitedTo(max), logOf(shuffled, perRecord, 30_000, lastMs)),
          )
          expect(others(full)).toEqual(others(free))
        },
      ),
      { numRuns: 100 },
    )
  })

  test('moves what the further values would hold into other, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEvents, limits, async (all, max) => {
        // An agent that serves several queues is in other once: its time does not add up there, as queues never do to all.
        const single = all.filter(({ type }) => type !== 'agent.queue_joined')
        fc.pre(single.length > 0)
        const log = logOf(single, [3], 30_000, lastMs)
        const [free, full] = [
          await foldLog(under(limitedTo(100), log)),
          await foldLog(under(limitedTo(max), log)),
        ]
        const own = new Set(
          Object.keys({ ...measuresOf(full, tenant), ...openOf(full, tenant) }).map(
            (name) => name.split(' ')[0]!,
          ),
        )
        expect(measuresOf(full, tenant)).toEqual(movedInto(own, measuresOf(free, tenant), true))
        expect(openOf(full, tenant)).toEqual(movedInto(own, openOf(free, tenant), false))
      }),
      { numRuns: 100 },
    )
  })

  test('keeps the sums whole: all queues together, other and none among them, are all; so are all channels', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryEvents,
        limits,
        one<'queue' | 'channel'>('queue', 'channel'),
        async (all, max, dimension) => {
          const store = await foldLog(under(limitedTo(max), logOf(all, [3], 30_000, lastMs)))
          const [parts, whole]: Record<string, Record<string, number>>[] = [{}, {}]
          for (const [name, cells] of Object.entries(measuresOf(store, tenant))) {
            const [slice, ...rest] = name.split(' ')
            if (!isCredited(rest.at(-1)!, dimension)) continue
            if (slice === 'all') whole![rest.join(' ')] = cells
            else if (slice!.startsWith(`${dimension}=`) && !slice!.includes(','))
              parts![rest.join(' ')] = sumOf(parts![rest.join(' ')], cells)
          }
          expect(parts).toEqual(whole)
        },
      ),
      { numRuns: 100 },
    )
  })
})

/** Agents serve several queues, or none, and a day of theirs is one in each. A cost that names no queue is of none. What has no dimension at all is in `all` alone, and its KPIs say so (`no-source`). */
function isCredited(family: string, dimension: Dimension): boolean {
  if (['agent-time', 'effective-time', 'costs'].includes(family)) return false
  const { number } = families.find(({ name }) => name === family)!
  const reading = catalogueOf().kpis.filter(({ measures }) =>
    measures.every((measure) => measure.family === number),
  )
  return reading.every(({ dimensions }) => dimensions === null || dimensions.includes(dimension))
}

/** A slice of a value that has none in the limited store is that of `other`. */
function movedInto(
  own: ReadonlySet<string>,
  free: Record<string, Record<string, number>>,
  areSums: boolean,
): Record<string, Record<string, number>> {
  const moved: Record<string, Record<string, number>> = {}
  for (const [name, cells] of Object.entries(free)) {
    const [text, ...rest] = name.split(' ')
    const parsed = parseSlice(text!)
    if (!parsed.ok) throw new Error(text)
    const counted = ({ dimension, value }: { dimension: Dimension; value: string }): string => {
      const isLimited = ['queue', 'agent', 'channel'].includes(dimension)
      return partText(
        dimension,
        !isLimited || own.has(partText(dimension, value)) ? value : 'other',
      )
    }
    const place = [
      parsed.slice.length === 0 ? 'all' : parsed.slice.map(counted).join(','),
      ...rest,
    ].join(' ')
    moved[place] =
      areSums || rest.join() === 'backlog'
        ? sumOf(moved[place], cells)
        : { ...moved[place], ...cells }
  }
  return Object.fromEntries(
    Object.entries(moved).filter(([, cells]) => Object.keys(cells).length > 0),
  )
}

function sumOf(a: Record<string, number> = {}, b: Record<string, number>): Record<string, number> {
  const sum = { ...a }
  for (const [cell, count] of Object.entries(b)) sum[cell] = (sum[cell] ?? 0) + count
  return Object.fromEntries(Object.entries(sum).filter(([, count]) => count !== 0))
}

describe('a larger limit', () => {
  const [small, large] = proposals(limitedTo(2), limitedTo(10))
  const log = [
    recordOfEntries(0, startMs, [small!]),
    recordOf(1, (startMs + 1_000) as EpochMs, inQueues('a', 'b', 'c')),
    recordOfEntries(2, (startMs + 2_000) as EpochMs, [large!]),
    recordOf(3, (startMs + 600_000) as EpochMs, inQueues('c', 'd')),
  ]
  const rebuilt: FoldOptions = { configured: () => limitedTo(10) }

  test('gives no slice to what comes to a dimension that is full: nothing counted is moved', async () => {
    expect(openedBy(await foldLog(log))).toMatchObject({
      all: 5,
      'queue=a': 1,
      'queue=b': 1,
      'queue=other': 3,
    })
  })

  test('gives each its own once the state is made again from the log under it', async () => {
    const found = openedBy(await foldLog(log, rebuilt))
    expect(found).toMatchObject({ all: 5, 'queue=a': 1, 'queue=b': 1, 'queue=c': 2, 'queue=d': 1 })
    expect(found['queue=other']).toBeUndefined()
  })

  test('is that with which the state began, whatever the file of a later owner says', async () => {
    const begun = await foldLog(log.slice(0, 2), { configured: () => limitedTo(3) })
    const further = await foldLog(
      log
        .slice(0, 2)
        .map((record, index) => ({ ...record, offset: (index + 2) as typeof record.offset })),
      {
        store: begun,
        configured: () => limitedTo(10),
      },
    )
    expect(openedBy(further)['queue=c']).toBe(1)
    const table = await foldLog([recordOf(9, (startMs + 700_000) as EpochMs, inQueues('d'))], {
      store: begun,
      configured: () => limitedTo(10),
    })
    expect(openedBy(table)['queue=other']).toBe(1)
  })

  test('reserves configured values too, which have room before what comes first in the log', async () => {
    const configured = limitedTo(1, {
      slices: { ...defaultTenantConfig.slices, values: { queue: ['c'] } },
    })
    expect(openedBy(await foldLog(under(configured, logIn(inQueues('x', 'c')))))).toMatchObject({
      'queue=other': 1,
      'queue=c': 1,
    })
    expect(openedBy(await foldLog(log, { configured: () => configured }))).toMatchObject({
      'queue=c': 2,
    })
  })
})
