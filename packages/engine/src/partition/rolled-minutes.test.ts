import { measures } from '@deskpulse/core/kpis'
import { decodeRecord, decodeRunning, retentionMs } from '@deskpulse/core/measures'
import { measureKey, runningKey } from '@deskpulse/core/state'
import { dayMs, type EpochMs, minuteMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import {
  startMs,
  measured,
  dayStartInKolkata,
  additionTo,
  added,
  taken,
  seenIn,
  dayCounts,
  countedDays,
  putsOf,
  putCounts,
  agent,
} from '../testing/measured.ts'
import type { MemoryStore } from '../replay/memory-store.ts'
import { slicesRolledPerFold } from './measure-writer.ts'

describe('a minute', () => {
  const minute = (n: number, ms = 0): EpochMs => (startMs + n * minuteMs + ms) as EpochMs
  const runningIn = (store: MemoryStore): number[] =>
    decodeRunning(store.records.get(runningKey('acme')) ?? null).map(
      (one) => (one.startMs - startMs) / minuteMs,
    )
  const one = added(additionTo(measures.replyDue, startMs, 1, agent))
  const dayKey = measureKey('acme', 0, 'day', dayStartInKolkata(startMs))

  test('that runs, or is ahead, is the only one to get what is added; nothing of it expires', async () => {
    const at = measured()
    const folded = await at.commit(
      [one, added(additionTo(measures.replyDue, minute(4), 1, agent))],
      minute(0, 59_999),
    )
    expect(putCounts(folded)).toEqual([2, 0, 0])
    expect(putsOf(folded, 'minute').map(({ expiresInMs }) => expiresInMs)).toEqual([
      undefined,
      undefined,
    ])
    expect([runningIn(at.store), dayCounts(at.store)]).toEqual([[0, 4], new Map([[0, -1]])])
  })

  test('that is over is added to its slot and its day, once, and expires from then on', async () => {
    const at = measured()
    await at.commit([one], minute(0, 1))
    const folded = await at.commit([], minute(1))
    expect(putCounts(folded)).toEqual([0, 1, 1])
    expect(folded.expiries).toEqual([
      { key: `m:acme:minute:${startMs}`, expiresInMs: retentionMs.minute + dayMs },
    ])
    expect([runningIn(at.store), dayCounts(at.store)]).toEqual([[], new Map([[0, 1]])])
    expect((await at.commit([], minute(2))).puts).toEqual([])
    expect(decodeRecord(at.store.records.get(dayKey)!).values).toEqual([1])
  })

  test('that is over, and was never running, gets what is added with its slot and its day at once', async () => {
    expect(putCounts(await measured().commit([one], minute(1)))).toEqual([1, 1, 1])
  })

  test('is removed when log time has passed its retention, as its slot is: a catch-up leaves no more than is kept', async () => {
    const at = measured()
    const days = 10
    for (let slot = 0; slot < days * 96; slot += 1) {
      const logTimeMs = minute(15 * slot, 1)
      await at.commit([added(additionTo(measures.replyDue, logTimeMs, 1, agent))], logTimeMs)
    }
    const held = (resolution: string): number =>
      [...at.store.records.keys()].filter((key) => key.startsWith(`m:acme:${resolution}:`)).length
    expect([held('minute'), held('slot'), held('day')]).toEqual([9, 8 * 96, days + 1])
  })

  test('that is still to be rolled is not removed before, however late it is', async () => {
    const at = measured()
    await at.commit([one], minute(0, 1))
    const folded = await at.commit([], (startMs + dayMs) as EpochMs)
    expect(folded.expiries).toEqual([
      { key: `m:acme:minute:${startMs}`, expiresInMs: minuteMs + retentionMs.minute },
      { key: `m:acme:minute:${startMs}`, expiresInMs: 0 },
    ])
    expect(decodeRecord(at.store.records.get(dayKey)!).values).toEqual([1])
  })

  test('of which all was taken back leaves nothing', async () => {
    const at = measured()
    await at.commit([one], minute(0, 1))
    await at.commit([{ ...one, sign: -1 }], minute(0, 2))
    expect(dayCounts(at.store)).toEqual(new Map())
    expect(putCounts(await at.commit([], minute(1)))).toEqual([0, 0, 0])
    expect(
      [...at.store.records.keys()].filter(
        (key) => key.startsWith('m:') || key.startsWith('running:'),
      ),
    ).toEqual([])
  })

  test('is rolled however late: after a quiet night its day has it, and what is no longer kept gets nothing', async () => {
    const at = measured()
    await at.commit([one], minute(0, 1))
    at.restart()
    const logTimeMs = (startMs + 9 * dayMs) as EpochMs
    const folded = await at.commit([], logTimeMs)
    expect([putCounts(folded), folded.expiries]).toEqual([
      [0, 0, 1],
      [{ key: `m:acme:minute:${startMs}`, expiresInMs: 1 }],
    ])
    expect(decodeRecord(at.store.records.get(dayKey)!).values).toEqual([1])
  })

  const agents = Array.from(
    { length: 250 },
    (_, n) => ({ scope: 'agent', dimensions: { agent: String(n) } }) as const,
  )
  const ofAll = agents.map((rest) => added(additionTo(measures.replyDue, startMs, 1, rest)))

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

  test('that is rolled in part gets late additions where their slice stands: in all three, or in the minute alone', async () => {
    const at = measured()
    await at.commit(ofAll, minute(0, 1))
    await at.commit([], minute(1))
    expect(putCounts(await at.commit([taken(ofAll[0]!.of)], minute(1, 1)))).toEqual([1, 101, 101])
    expect(putCounts(await at.commit([taken(ofAll[249]!.of)], minute(1, 2)))).toEqual([1, 49, 49])
    expect(runningIn(at.store)).toEqual([])
    expect(dayCounts(at.store).size).toBe(248)
  })

  test('does not stay behind, however many slices the next ones have', async () => {
    const at = measured()
    for (let n = 0; n < 5; n += 1) {
      await at.commit(
        agents.map((rest) => added(additionTo(measures.replyDue, minute(n), 1, rest))),
        minute(n, 1),
      )
      expect(runningIn(at.store)).toEqual([n])
    }
  })
})
