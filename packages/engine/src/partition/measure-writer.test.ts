import { measures } from '@deskpulse/core/kpis'
import {
  binOf,
  countOfRecord,
  decodeRecord,
  encodeRecord,
  firstBinCell,
  firstCell,
  kept,
  type Measure,
  retentionMs,
  slicesOf,
  sumCell,
} from '@deskpulse/core/measures'
import { measureKey, type Resolution } from '@deskpulse/core/state'
import { dayMs, type EpochMs, hourMs, minuteMs, slotMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  startMs,
  config,
  measured,
  dayStartInKolkata,
  additionTo,
  type Addition,
  type Signed,
  added,
  taken,
  hexOf,
  seenIn,
  isKept,
  dayCounts,
  countedDays,
  putsOf,
  putCounts,
  agent,
} from '../testing/measured.ts'
import type { Tenant } from './tenant.ts'

/** Cells by key, added up the plain way, one addition, slice and resolution at a time. */
class PlainMeasures {
  readonly records = new Map<string, Map<number, number>>()

  add(tenant: Tenant, { of, sign }: Signed, logTimeMs: EpochMs): void {
    const { measure, value, atMs, endMs } = of
    const first = firstCell(measure)
    if (measure.kind === 'count') this.#add(tenant, of, atMs, first, sign * value, logTimeMs)
    if (measure.kind === 'duration') {
      this.#add(tenant, of, atMs, first + sumCell, sign * value, logTimeMs)
      this.#add(tenant, of, atMs, first + firstBinCell + binOf(value), sign, logTimeMs)
    }
    if (measure.kind !== 'span') return
    for (let minute = Math.floor(atMs / minuteMs) * minuteMs; minute < endMs!; minute += minuteMs) {
      const overlapMs = Math.min(endMs!, minute + minuteMs) - Math.max(atMs, minute)
      this.#add(tenant, of, minute, first, sign * overlapMs, logTimeMs)
    }
  }

  #add(
    tenant: Tenant,
    of: Addition,
    atMs: number,
    cell: number,
    value: number,
    logTimeMs: EpochMs,
  ): void {
    for (const text of slicesOf(of.dimensions, of.scope, config)) {
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
      if (there.length > 0)
        stored.set(
          key,
          encodeRecord({
            cells: there.map(([cell]) => cell),
            values: there.map(([, value]) => value),
          }),
        )
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
    if (kept((bucketMs + sizeMs) as EpochMs, resolution, logTimeMs))
      keys.push(measureKey('acme', slice, resolution, bucketMs as EpochMs))
  }
  return keys
}

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
        measure: fc.constantFrom<Measure>(
          measures.replyDue,
          measures.contactOpened,
          measures.fcrSolved,
        ),
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
    scope: fc.constantFrom<Addition['scope']>('both', 'wide', 'agent'),
  })
  .map(
    ({ agoMs: ago, sign, what: { measure, value, ...what }, dimensions, scope }) =>
      (logTimeMs: EpochMs): Signed => {
        const atMs = logTimeMs - ago
        const endMs = 'lengthMs' in what ? ((atMs + what.lengthMs) as EpochMs) : undefined
        return {
          of: additionTo(measure, atMs, value, {
            dimensions,
            scope,
            ...(endMs === undefined ? {} : { endMs }),
          }),
          sign,
        }
      },
  )
const commit = fc.record({
  afterMs: fc.constantFrom(0, 1_000, 20_000, minuteMs, 5 * minuteMs, 2 * hourMs, dayMs),
  changes: fc.array(change, { maxLength: 8 }),
  isUndone: fc.boolean(),
  restarts: fc.boolean(),
})

function plainAt(plain: PlainMeasures, logTimeMs: EpochMs): Map<string, string> {
  const isSeen = (key: string): boolean => {
    const [, , resolution, bucket] = key.split(':')
    return isKept(resolution as Resolution, Number.parseInt(bucket!, 10) as EpochMs, logTimeMs)
  }
  return hexOf([...plain.stored()].filter(([key]) => isSeen(key)))
}

test('any facts, late and taken back, in any commits, are read as the bytes of a plain sum, however far minutes are rolled and whatever is cached', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(commit, { maxLength: 8 }),
      fc.constantFrom(0, 10_000, 1e6),
      async (commits, maxBytes) => {
        const at = measured(maxBytes)
        const plain = new PlainMeasures()
        let logTimeMs = startMs
        for (const { afterMs, changes, isUndone, restarts } of commits) {
          logTimeMs = (logTimeMs + afterMs) as EpochMs
          if (restarts) at.restart()
          const all = changes.map((one) => one(logTimeMs))
          await at.commit(all, logTimeMs)
          for (const one of all) plain.add(at.tenant(), one, logTimeMs)
          const undone = isUndone
            ? all.map(({ of, sign }): Signed => ({ of, sign: sign === 1 ? -1 : 1 }))
            : []
          await at.commit(undone, logTimeMs)
          for (const one of undone) plain.add(at.tenant(), one, logTimeMs)
          expect(seenIn(at.store, logTimeMs)).toEqual(plainAt(plain, logTimeMs))
          expect(dayCounts(at.store)).toEqual(countedDays(at.store))
        }
      },
    ),
    { numRuns: 150 },
  )
})

describe('one commit', () => {
  test('puts a record once, however many minutes add to it', async () => {
    const at = measured()
    const minutes = [0, 1, 2].map((n) =>
      added(additionTo(measures.replyDue, startMs + n * minuteMs, 1, agent)),
    )
    const folded = await at.commit(minutes, (startMs + 5 * minuteMs) as EpochMs)
    expect(putCounts(folded)).toEqual([3, 1, 1])
    expect(decodeRecord(putsOf(folded, 'day')[0]!.bytes!).values).toEqual([3])
  })

  test('puts nothing where what it adds and takes back comes to nothing, be it in two minutes', async () => {
    const at = measured()
    const [here, there] = [0, 1].map((n) =>
      additionTo(measures.replyDue, startMs + n * minuteMs, 1, agent),
    )
    await at.commit([added(here!)], startMs)
    expect((await at.commit([taken(here!), added(here!)], startMs)).puts).toEqual([])
    const nothing = await measured().commit(
      [taken(here!), added(there!)],
      (startMs + hourMs) as EpochMs,
    )
    expect(putCounts(nothing)).toEqual([2, 0, 0])
    expect(nothing.puts.some(({ key }) => key.startsWith('slice-days'))).toBe(false)
  })

  test('asks the store once for what it does not hold, and not again', async () => {
    const at = measured()
    const reply = added(additionTo(measures.replyTime, startMs, 9_000))
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
    const folded = await measured().commit(
      [added(additionTo(measures.replyDue, startMs, 1, agent))],
      logTimeMs,
    )
    const expiry = (resolution: string): number | undefined =>
      putsOf(folded, resolution)[0]!.expiresInMs
    expect(expiry('minute')).toBe(minuteMs - hourMs + retentionMs.minute + dayMs)
    expect(expiry('slot')).toBe(slotMs - hourMs + retentionMs.slot + dayMs)
    expect(expiry('day')).toBeUndefined()
  })

  test.each([
    {
      agoMs: retentionMs.minute + minuteMs - 1,
      resolutions: [1, 1, 1],
      rule: 'while its end and its retention are later than log time',
    },
    {
      agoMs: retentionMs.minute + minuteMs,
      resolutions: [0, 1, 1],
      rule: 'a minute no longer from then on',
    },
    { agoMs: retentionMs.slot + slotMs, resolutions: [0, 0, 1], rule: 'nor a slot' },
  ])('adds to a bucket $rule', async ({ agoMs: ago, resolutions }) => {
    const folded = await measured().commit(
      [added(additionTo(measures.replyDue, startMs, 1, agent))],
      (startMs + ago) as EpochMs,
    )
    expect(putCounts(folded)).toEqual(resolutions)
  })

  test('puts measures of all families into one record of a slice', async () => {
    const folded = await measured().commit(
      [
        added(additionTo(measures.replyDue, startMs, 1, agent)),
        added(additionTo(measures.contactOpened, startMs, 2, agent)),
        added(
          additionTo(measures.agentHandling, startMs, 1, {
            ...agent,
            endMs: (startMs + 1_000) as EpochMs,
          }),
        ),
      ],
      startMs,
    )
    const [record, ...others] = putsOf(folded, 'minute')
    const content = decodeRecord(record!.bytes!)
    const all = [measures.replyDue, measures.contactOpened, measures.agentHandling].map((measure) =>
      countOfRecord(content, measure),
    )
    expect([all, others]).toEqual([[1, 2, 1_000], []])
  })
})
