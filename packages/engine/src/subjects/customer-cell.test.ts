import type { RowChange, Session } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChangeSet } from '../partition/change-set.ts'
import { decodeJson, encodeJson } from '../partition/journal.ts'
import type { MeasureDeltas } from '../partition/measure-deltas.ts'
import type { Tenant } from '../partition/tenant.ts'
import { AgentCell } from './agent-cell.ts'
import { CustomerCell } from './customer-cell.ts'
import { Outputs } from './outputs.ts'

const tenant = { name: 'acme' } as Tenant
const sessions = ['c-1', 'c-2', 'c-3'].map((contactId, index): Session => {
  const opened = { atMs: index as EpochMs, credit: {} }
  return { contactId, opened, topic: 't', served: null, due: null, resolution: null }
})
const customerOf = (count: number): CustomerCell =>
  new CustomerCell(
    tenant,
    'u/acme/u-1',
    encodeJson({ sessions: sessions.slice(0, count), final: [], past: [], changedDay: 0 }),
  )

type Told = Parameters<CustomerCell['settle']>[1]

const foldAt = (
  logTimeMs: number,
  changes: ChangeSet,
  add: MeasureDeltas['add'] = () => {},
): Parameters<CustomerCell['settle']>[0] => ({
  ...{ logTimeMs: logTimeMs as EpochMs, changes, outputs: new Outputs() },
  deltas: { add } as unknown as MeasureDeltas,
})

/** What is stored of a customer after a fold of a day in which contacts reached the end of their lifetime. */
function storedAfter(customer: CustomerCell, day: number, ended: readonly Session[]): unknown {
  const changes = new ChangeSet()
  const told = ended.map((session) => ({ session, how: 'final' as const }))
  customer.settle(foldAt(day * dayMs, changes), told)
  const { bytes } = changes.finish({ logTimeMs: 0 as EpochMs, watermarkMs: 0 as EpochMs }).puts[0]!
  return bytes === null ? null : decodeJson(bytes)
}

test('a customer keeps a contact past its lifetime while an earlier one lives, and for the rest of that day, then nothing of both', () => {
  const customer = customerOf(3)
  expect(storedAfter(customer, 1, [sessions[1]!])).toMatchObject({ sessions, final: ['c-2'] })
  expect(storedAfter(customer, 2, [sessions[0]!])).toMatchObject({ sessions })
  expect(storedAfter(customer, 2, [])).toMatchObject({ sessions, final: ['c-2', 'c-1'] })
  expect(storedAfter(customer, 3, [])).toMatchObject({ sessions: [sessions[2]], final: [] })
  expect(storedAfter(customer, 4, [sessions[2]!])).toMatchObject({ final: ['c-3'] })
  expect(storedAfter(customer, 5, [])).toBeNull()
})

test('what is held weighs at least its objects: a cache of many that hold nothing is bounded too', () => {
  expect(new AgentCell({ tenant, agentId: 'a-1' }, null).bytes).toBeGreaterThan(100)
  expect(customerOf(0).bytes).toBeGreaterThan(100)
})

test('a customer weighs more with each session', () => {
  const [none, one, three] = [0, 1, 3].map((count) => customerOf(count).bytes)
  expect(three! - none!).toBe(3 * (one! - none!))
  expect(one! - none!).toBeGreaterThan(100)
})

describe('a customer that was answered', () => {
  const zoned = { name: 'acme', localTime: 'UTC' } as unknown as Tenant
  const march = Date.UTC(2026, 2, 2, 9) as EpochMs
  const answered = (contactId: string, atMs: number, queue = 'sales'): Session => ({
    ...{ contactId, opened: { atMs: atMs as EpochMs, credit: {} } },
    ...{ topic: undefined, resolution: null },
    served: { atMs: atMs as EpochMs, credit: { queue } },
    due: null,
  })

  /** What a settle adds and takes back, by period. `bytes`: what is stored then. */
  function settled(customer: CustomerCell, told: Told, logTimeMs: number) {
    const changes = new ChangeSet()
    const seen: string[] = []
    const add = (_tenant: Tenant, rows: readonly RowChange[]): void => {
      for (const { row, sign } of rows)
        if (row.grain === 'customer-period') seen.push(`${sign === 1 ? '+' : '-'}${row.period}`)
    }
    customer.settle(foldAt(logTimeMs, changes, add), told)
    const { puts, wakes } = changes.finish({
      logTimeMs: logTimeMs as EpochMs,
      watermarkMs: logTimeMs as EpochMs,
    })
    return { seen, bytes: puts[0]!.bytes, wakeMs: wakes[0]?.atMs }
  }
  const every = ['+hour', '+day', '+week', '+month', '+quarter', '+year']
  const said = (session: Session) => ({ session, how: 'said' as const })
  const final = (session: Session) => ({ session, how: 'final' as const })

  test('counts once in each period, again only where it is a new one, and not for what says the same', () => {
    const customer = new CustomerCell(zoned, 'u/acme/u-1', null)
    const first = answered('c-1', march)
    expect(settled(customer, [said(first)], march).seen).toEqual(every)
    expect(settled(customer, [said(answered('c-2', march + 60_000))], march).seen).toEqual([])
    const later = answered('c-3', march + dayMs)
    expect(settled(customer, [said(later)], march + dayMs).seen).toEqual(['+hour', '+day'])
    const elsewhere = answered('c-4', march + dayMs, 'help')
    expect(settled(customer, [said(elsewhere)], march + dayMs).seen.toSorted()).toEqual(
      [...every, ...every.map((period) => period.replace('+', '-'))].toSorted(),
    )
    const withdrawn = [elsewhere, later].map((session) => ({ session, how: 'withdrawn' as const }))
    const taken = settled(customer, withdrawn, march + dayMs).seen
    expect(taken.filter((one) => one.startsWith('-')).toSorted()).toEqual(
      ['-hour', '-day', '-week', '-month', '-quarter', '-year'].toSorted(),
    )
  })

  test('counts what came due and what of it was missed, again only where that is a new place or period', () => {
    const customer = new CustomerCell(zoned, 'u/acme/u-1', null)
    const withDue = (...missed: readonly boolean[]): Session => ({
      ...answered('c-1', march),
      due: {
        replies: missed.map((isMissed, nth) => ({
          ...{ atMs: (march + nth * 1_000) as EpochMs, queue: 'sales', agent: 'a-1', isMissed },
        })),
        ...{ channel: 'chat', class: 'live', attributes: {} },
      },
    })
    const seen = (session: Session) => settled(customer, [said(session)], march).seen
    expect(seen(withDue(false))).toEqual(every)
    expect(seen(withDue(false, false))).toEqual([])
    expect(seen(withDue(false, false, true))).toHaveLength(2 * every.length)
    const rows = [...customer.told].filter((row) => row.grain === 'customer-period')
    for (const { served, due, missed } of rows)
      expect([served, due, missed].map((one) => one?.atMs)).toEqual([march, march, march + 2_000])
  })

  test('is remembered past the lifetime of its contacts until each period is over, by any worker, and then forgotten by a wake', () => {
    const customer = new CustomerCell(zoned, 'u/acme/u-1', null)
    const first = answered('c-1', march)
    settled(customer, [said(first)], march)
    const ended = settled(customer, [final(first)], march + 40 * dayMs)
    expect(ended.seen).toEqual([])
    const next = new CustomerCell(zoned, 'u/acme/u-1', ended.bytes)
    const again = answered('c-2', march + 50 * dayMs)
    expect(settled(next, [said(again)], march + 50 * dayMs).seen).toEqual(
      every.filter((period) => period !== '+year'),
    )
    const last = settled(next, [final(again)], march + 90 * dayMs)
    const nextDayMs = (Math.floor(march / dayMs) + 91) * dayMs
    expect(last.wakeMs).toBeGreaterThanOrEqual(nextDayMs)
    expect(last.wakeMs).toBeLessThan(nextDayMs + dayMs)
    // It stays so whatever comes in between, as where the log is cut otherwise.
    expect(settled(next, [], march + 90 * dayMs + 1_000).wakeMs).toBeUndefined()
    const over = settled(next, [], last.wakeMs!)
    expect(over.wakeMs).toBe(Date.UTC(2027, 0, 1) + (35 + 3) * dayMs)
    const before = new CustomerCell(zoned, 'u/acme/u-1', over.bytes)
    expect(settled(before, [], over.wakeMs! - 1).bytes).not.toBeNull()
    expect(settled(before, [], over.wakeMs!)).toMatchObject({ seen: [], bytes: null, wakeMs: null })
  })

  test('who comes again and again for years is remembered for the year alone', () => {
    let stored: Uint8Array | null = null
    let living: Session | null = null
    for (let nth = 0; nth < 150; nth += 1) {
      const atMs = march + nth * 5 * dayMs
      const customer = new CustomerCell(zoned, 'u/acme/u-1', stored)
      const next = answered(`c-${nth}`, atMs)
      const told = living === null ? [said(next)] : [said(next), final(living)]
      stored = settled(customer, told, atMs).bytes
      living = next
    }
    const { past } = decodeJson<{ past: readonly { atMs: number }[] }>(stored!)
    expect(past.length).toBeGreaterThan(30)
    expect(past.length).toBeLessThan(149)
    expect(Math.min(...past.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(Date.UTC(2027, 0, 1))
  })

  test('by hundreds of contacts counts what those that are left tell, whatever came in between', () => {
    const changes = fc.array(
      fc.record({
        how: fc.constantFrom(
          'said' as const,
          'said' as const,
          'said' as const,
          'withdrawn' as const,
        ),
        nth: fc.nat(149),
        hours: fc.nat(200),
        queue: fc.constantFrom('sales', 'help'),
        replies: fc.array(
          fc.record({
            atMs: fc.nat(200).map((hours) => (march + hours * 3_600_000) as EpochMs),
            queue: fc.constantFrom('sales', null),
            agent: fc.constantFrom('a-1', null),
            isMissed: fc.boolean(),
          }),
          { maxLength: 3 },
        ),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 4 }), (steps, together) => {
        const customer = new CustomerCell(zoned, 'u/acme/u-1', null)
        const counted = new Map<string, number>()
        const add = (_tenant: Tenant, rows: readonly RowChange[]): void => {
          for (const { row, sign } of rows) {
            const key = JSON.stringify(row)
            counted.set(key, (counted.get(key) ?? 0) + sign)
          }
        }
        const tell = (told: Told): void =>
          customer.settle(foldAt(march, new ChangeSet(), add), told)
        tell(Array.from({ length: 150 }, (_, n) => said(answered(`c-${n}`, march + n * 1_000_003))))
        const told = steps.map(({ how, nth, hours, queue, replies }) => {
          const due = { replies, channel: 'chat', class: 'live', attributes: {} }
          const session = answered(`c-${nth}`, march + hours * 3_600_000 + nth, queue)
          return { how, session: replies.length === 0 ? session : { ...session, due } }
        })
        for (let at = 0; at < told.length; at += together) tell(told.slice(at, at + together))
        const left = [...counted].filter(([, count]) => count !== 0)
        expect(new Map(left)).toEqual(
          new Map([...customer.told].map((row) => [JSON.stringify(row), 1])),
        )
      }),
      { numRuns: 40 },
    )
  })
})
