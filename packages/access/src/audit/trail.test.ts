import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEntry } from '@deskpulse/contract'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import {
  accessTopicSpecs,
  embeddedEventLog,
  type EventLog,
  type Offset,
  type PartitionId,
  topicNames,
} from '@deskpulse/stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type AuditTrail, auditTrail } from './trail.ts'

const topic = topicNames().audit
const startMs = Date.parse('2026-03-02T09:00:00Z')

type World = {
  readonly trail: AuditTrail
  readonly log: EventLog
  /** Records that were read. */
  read(): number
  wait(ms: number): void
}

async function world(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-audit-'))
  let clockMs = startMs
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite'), now: () => clockMs as EpochMs })
  onTestFinished(async () => {
    await log.close()
    await rm(folder, { recursive: true })
  })
  await log.ensureTopics(accessTopicSpecs(topicNames()))
  let read = 0
  const counting: EventLog['read'] = async (...asked) => {
    const records = await log.read(...asked)
    read += records.length
    return records
  }
  return {
    trail: auditTrail({ log: { ...log, read: counting }, topic }),
    log,
    read: () => read,
    wait: (ms) => void (clockMs += ms),
  }
}

function entryOf(number: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ...{ id: `e-${number}`, who: { id: '0123456789ab', name: 'Li' } },
    from: { address: '10.0.0.7', userAgent: null },
    ...{ tenant: 'acme', action: 'silence.create', object: `s-${number}` },
    ...{ before: null, after: null },
    ...changes,
  }
}

const numbers = (from: number, upTo: number): number[] =>
  Array.from({ length: upTo - from }, (_, index) => from + index)

const append = async ({ log }: World, entries: readonly AuditEntry[]): Promise<void> =>
  log.append(
    topic,
    0 as PartitionId,
    entries.map((entry) => ({ key: null, value: Buffer.from(JSON.stringify(entry)) })),
  )

/** Ids of all pages, one after another, and how many pages they were. */
async function allOf({ trail }: World, filter: Parameters<AuditTrail['page']>[0], limit: number) {
  const ids: string[] = []
  let pages = 0
  for (let next: Offset | null | undefined; next !== null; pages += 1) {
    const page = await trail.page(filter, limit, next)
    ids.push(...page.entries.map(({ entry }) => entry.id))
    next = page.next
  }
  return { ids, pages }
}

describe('the entries of an audit', () => {
  test('come the newest first, with the time at which the log took them', async () => {
    const made = await world()
    expect(await made.trail.page({}, 10)).toEqual({ entries: [], next: null })
    await made.trail.write(entryOf(1))
    made.wait(1_500)
    await made.trail.write(entryOf(2))
    expect(await made.trail.page({}, 10)).toEqual({
      entries: [
        { atMs: startMs + 1_500, entry: entryOf(2) },
        { atMs: startMs, entry: entryOf(1) },
      ],
      next: null,
    })
  })

  test.each([1, 7, 100, 101, 250])('are all there in pages of %i, once', async (limit) => {
    const made = await world()
    await append(
      made,
      numbers(0, 250).map((number) => entryOf(number)),
    )
    const { ids } = await allOf(made, {}, limit)
    expect(ids).toEqual(
      numbers(0, 250)
        .toReversed()
        .map((number) => `e-${number}`),
    )
  })

  test('that come after a page was read do not move the next', async () => {
    const made = await world()
    await append(made, [entryOf(1), entryOf(2), entryOf(3)])
    const { next } = await made.trail.page({}, 2)
    await append(made, [entryOf(4)])
    const { entries } = await made.trail.page({}, 2, next!)
    expect(entries.map(({ entry }) => entry.id)).toEqual(['e-1'])
  })

  test.each([
    { filter: { tenant: 'acme' }, found: [4, 2, 1] },
    { filter: { action: 'rule.put' }, found: [2] },
    { filter: { who: 'Wang' }, found: [3] },
    { filter: { who: '0123456789ab' }, found: [4, 2, 1] },
    { filter: { who: 'Li', action: 'rule.put', tenant: 'other' }, found: [] },
    { filter: { fromMs: startMs + 1_000 }, found: [4, 3, 2] },
    { filter: { toMs: startMs + 1_000 }, found: [1] },
    { filter: { fromMs: startMs + 1_000, toMs: startMs + 2_000 }, found: [3, 2] },
  ] as const)('that are asked for by $filter are $found', async ({ filter, found }) => {
    const made = await world()
    await append(made, [entryOf(1)])
    made.wait(1_000)
    const other = { tenant: 'other', who: { id: 'ba9876543210', name: 'Wang' } }
    await append(made, [entryOf(2, { action: 'rule.put' }), entryOf(3, other)])
    made.wait(1_000)
    await append(made, [entryOf(4)])
    const { ids } = await allOf(made, filter, 10)
    expect(ids).toEqual(found.map((number) => `e-${number}`))
  })

  test('that nobody asks for cost a page no more than some thousands, and the last ones are cheap', async () => {
    const made = await world()
    await append(made, [entryOf(0, { tenant: 'rare' })])
    for (const thousand of numbers(0, 11))
      await append(
        made,
        numbers(1_000 * thousand, 1_000 * (thousand + 1)).map((number) => entryOf(number + 1)),
      )
    await made.trail.page({}, 50)
    expect(made.read()).toBe(100)
    const { entries, next } = await made.trail.page({ tenant: 'rare' }, 50)
    expect({ entries, next }).toEqual({ entries: [], next: 6_001 })
    expect(made.read()).toBe(100 + 5_000)
    expect(await allOf(made, { tenant: 'rare' }, 50)).toEqual({ ids: ['e-0'], pages: 3 })
  })

  test('are not looked for among those that are more than a day older than what is asked for', async () => {
    const made = await world()
    await append(
      made,
      numbers(0, 500).map((number) => entryOf(number)),
    )
    made.wait(dayMs + 2)
    await append(made, [entryOf(500)])
    const fromMs = startMs + dayMs + 1
    expect(await allOf(made, { fromMs }, 50)).toEqual({ ids: ['e-500'], pages: 1 })
    expect(made.read()).toBe(100)
  })

  test('that this version cannot read are left out', async () => {
    const made = await world()
    await append(made, [entryOf(1), { ...entryOf(2), action: 'cat.feed' as never }, entryOf(3)])
    expect(await allOf(made, {}, 10)).toEqual({ ids: ['e-3', 'e-1'], pages: 1 })
  })
})
