import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { contribute, passThresholdMeasures } from '@deskpulse/core/kpis'
import { Contact, type RowOf } from '@deskpulse/core/subjects'
import { type EpochMs, hourMs, periodsIn } from '@deskpulse/core/time'
import { OwnRecords, TenantReplay, TenantRows } from '@deskpulse/engine'
import { logOf, readerOf, tenant } from './support/folded.ts'
import { oddEvents } from './support/odd-events.ts'

const startMs = Date.UTC(2026, 2, 2, 8)

/** The events of a call, in any order. */
const anyCall = oddEvents(startMs)
  .map((all) =>
    all
      .filter(({ data }) => data.contactId === 'c-1')
      .map((event): CanonicalEvent =>
        event.type === 'contact.opened'
          ? { ...event, data: { ...event.data, channel: 'voice' } }
          : event,
      ),
  )
  .chain((events) => fc.shuffledSubarray(events, { minLength: events.length }))

/** Calls and all else, in the order in which they were told. */
const anyCalls = oddEvents(startMs).map((all) =>
  all.map((event): CanonicalEvent =>
    event.type === 'contact.opened'
      ? { ...event, data: { ...event.data, channel: 'voice' } }
      : event,
  ),
)

type Passed = {
  readonly passes: readonly RowOf<'pass'>[]
  /** How often each measure counts, all of the call together. */
  readonly count: (name: string) => number
  readonly isWaiting: boolean
}

function passedIn(events: readonly CanonicalEvent[], asOfMs: EpochMs): Passed {
  const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
  for (const event of events) contact.insert({ event, receivedMs: asOfMs, text: event.id })
  contact.settle(asOfMs)
  const counts = new Map<string, number>()
  const passes = contact.take(asOfMs).rows.flatMap(({ row }) => {
    if (row.grain !== 'pass') return []
    contribute(row, ({ name, kind }, _at, value) =>
      counts.set(name, (counts.get(name) ?? 0) + (kind === 'duration' ? 1 : value)),
    )
    return row.entered === null ? [] : [row]
  })
  return {
    passes,
    count: (name) => counts.get(name) ?? 0,
    isWaiting: contact.waits(asOfMs)?.current?.kind === 'queue',
  }
}

test('of the passes that began, each was answered, abandoned, left, or lost, or is the one that waits', () => {
  fc.assert(
    fc.property(anyCall, fc.constantFrom(0, 1, 5), (events, laterHours) => {
      const lastMs = Math.max(...events.map(({ timeMs }) => timeMs))
      const { passes, count, isWaiting } = passedIn(
        events,
        (lastMs + laterHours * hourMs) as EpochMs,
      )
      const standing = passes.filter(({ ended, lost }) => ended === null && lost === null)
      expect(passes.filter(({ ended, lost }) => ended !== null && lost !== null)).toEqual([])
      expect(standing.length).toBeLessThanOrEqual(isWaiting ? 1 : 0)
      const ended =
        count('passAnswered') +
        count('passAbandonedLong') +
        count('passAbandonedShort') +
        count('passLeft')
      const lost = passes.filter((row) => row.lost !== null).length
      expect(count('passEntered')).toBe(ended + lost + standing.length)
      expect(count('passEnded')).toBe(ended)
    }),
    { numRuns: 1_000 },
  )
})

test('what was answered within a limit is a part of what was answered and of what came due, in the same place at the same instant', () => {
  const { within, due } = passThresholdMeasures(30)
  const pairs = [
    ['passWithin', 'passDue'],
    ['passWithin', 'passAnswered'],
    [within.name, due.name],
    [within.name, 'passAnswered'],
  ] as const
  fc.assert(
    fc.property(anyCall, (events) => {
      const asOfMs = Math.max(...events.map(({ timeMs }) => timeMs)) as EpochMs
      for (const row of passedIn(events, asOfMs).passes) {
        const places = new Map<string, Set<string>>()
        contribute(row, ({ name }, { atMs, credit }) =>
          places.set(name, (places.get(name) ?? new Set()).add(JSON.stringify([atMs, credit]))),
        )
        for (const [part, whole] of pairs)
          expect((places.get(part) ?? new Set()).isSubsetOf(places.get(whole) ?? new Set())).toBe(
            true,
          )
      }
    }),
    { numRuns: 500 },
  )
})

const cohort = {
  answered: 'speed_of_answer',
  abandoned: 'abandon_time',
  left: 'left_queue',
} as const

test('by entry, of the passes offered in a slice and bucket each was answered, abandoned, left, lost, or still waits', async () => {
  const config: TenantConfig = {
    ...defaultTenantConfig,
    waitMaxMs: { ...defaultTenantConfig.waitMaxMs, voice: hourMs },
  }
  const seen = { answered: 0, abandoned: 0, left: 0, unended: 0 }
  await fc.assert(
    fc.asyncProperty(anyCalls, fc.integer({ min: 1, max: 13 }), async (calls, hours) => {
      const asOfMs = startMs + hours * hourMs
      const events = calls.filter(({ timeMs }) => timeMs <= asOfMs)
      fc.pre(events.length > 0)
      const arrivals = events.map((event, place) => ({
        event,
        atMs: Math.min(asOfMs, event.timeMs + (place % 5 === 0 ? 700_000 : 0)),
      }))
      const rows = new TenantRows()
      const replay = new TenantReplay({ rowChanged: rows.changed })
      const own = new OwnRecords(tenant)
      await replay.fold(logOf(arrivals, config, asOfMs).map((record) => own.next(record)))
      const unended = [...rows.all()].flatMap(({ row }) =>
        row.grain === 'pass' && row.ended === null && row.entered !== null ? [row.entered] : [],
      )
      const reader = readerOf(replay.store, config, tenant, false)
      const range = { startMs: startMs as EpochMs, endMs: asOfMs as EpochMs }
      for (const slice of ['all', 'queue=billing', 'queue=tech', 'queue=none']) {
        for (const kind of ['15m', 'hour', 'day'] as const) {
          for (const period of periodsIn(kind, range, config.timeZone)) {
            const values = reader.period(slice, period, { by: 'entry' })
            const offered = reader.period(slice, period).get('contacts_offered')!.value
            const countOf = (id: string): number =>
              Number(values.get(id)!.count ?? values.get(id)!.value)
            const still = unended.filter(
              ({ atMs, credit }) =>
                atMs >= period.startMs &&
                atMs < period.endMs &&
                (slice === 'all' || slice === `queue=${credit.queue as string}`),
            ).length
            const ended = Object.entries(cohort).map(([name, id]) => {
              seen[name as keyof typeof cohort] += countOf(id)
              return countOf(id)
            })
            seen.unended += still
            expect(ended.reduce((sum, one) => sum + one, still)).toBe(offered)
            expect(countOf('queue_wait')).toBe(offered! - still)
            expect(values.get('abandon_rate')!.numerator).toBe(
              countOf('abandon_time') - countOf('short_abandons'),
            )
          }
        }
      }
    }),
    { numRuns: 100 },
  )
  expect(Object.values(seen).every((count) => count > 0)).toBe(true)
})
