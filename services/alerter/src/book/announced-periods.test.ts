import { type Notice, webhookBody, webhookBodySchema } from '@deskpulse/contract'
import type { IssuedPeriod } from '@deskpulse/core/closed'
import { dayMs, type EpochMs, minuteMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { eachMax, type Subscriber } from './announcement-notices.ts'
import { announcementLimits, withAnnouncement } from './announcements.ts'
import { emptyTenantBook, type TenantBook } from './tenant-book.ts'
import { live } from './testing/floor.ts'
import { type Kill, openWorld, tenant, type World } from './testing/world.ts'

const warehouse: Subscriber = {
  ...{ name: 'warehouse', tenants: null, closedPeriods: ['day', 'month'] },
  appeals: false,
}

const periodOf = (day: number, changes: Partial<IssuedPeriod> = {}): IssuedPeriod => ({
  ...{ kind: 'day', label: `day-${day}`, cause: 'closed', rows: 3, revision: 1 },
  ...{ startMs: (day * dayMs) as EpochMs, endMs: ((day + 1) * dayMs) as EpochMs },
  ...changes,
})

const minuteOf = (world: World): EpochMs =>
  (Math.floor(world.clock.nowMs() / minuteMs) * minuteMs) as EpochMs

function issue(world: World, periods: readonly IssuedPeriod[], closedAtMs = minuteOf(world)): void {
  world.group.append({ kind: 'issued', issued: { tenant, closedAtMs, periods } })
}

/** `warehouse day-1 2`: endpoint, first period and rows. */
const inShort = (world: World): string[] =>
  world
    .notices()
    .map(({ endpoint, notice: { periods } }) =>
      [endpoint, ...periods!.map(({ label, revision }) => `${label}.${revision}`)].join(' '),
    )
const idsOf = (world: World): string[] => world.notices().map(({ notice }) => notice.alertId)

describe('closed periods', () => {
  test('are told to whom wants their kind and their tenant, one by one, and to nobody unless it is configured', async () => {
    const other = { ...warehouse, name: 'other', tenants: ['other'] }
    const hourly: Subscriber = { ...warehouse, name: 'hourly', closedPeriods: ['hour'] }
    const world = await openWorld({ subscribers: [warehouse, other, hourly] })
    const all = [periodOf(1), periodOf(0, { kind: 'month', label: 'month-0' })]
    issue(world, [...all, periodOf(1, { kind: 'hour', label: 'hour-1' }), periodOf(2)])
    await live(world, 1_000)
    expect(inShort(world).toSorted()).toEqual(
      [
        'hourly hour-1.1',
        'warehouse day-1.1',
        'warehouse day-2.1',
        'warehouse month-0.1',
      ].toSorted(),
    )
    const quiet = await openWorld()
    issue(quiet, all)
    await live(quiet, 1_000)
    expect(quiet.published()).toEqual([])
  })

  test('are told again when rows of them are issued again, as another message', async () => {
    const world = await openWorld({ subscribers: [warehouse] })
    issue(world, [periodOf(1)])
    await live(world, 2 * minuteMs)
    issue(world, [periodOf(1, { cause: 'late', revision: 2 })])
    await live(world, 1_000)
    expect(inShort(world)).toEqual(['warehouse day-1.1', 'warehouse day-1.2'])
    expect(new Set(idsOf(world)).size).toBe(2)
  })

  test('are not told again by a fold that tells them again, a restart, or a state that was lost', async () => {
    const world = await openWorld({ subscribers: [warehouse] })
    const closedAtMs = minuteOf(world)
    issue(world, [periodOf(1)])
    await live(world, minuteMs)
    issue(world, [periodOf(2)])
    issue(world, [periodOf(1)], closedAtMs)
    await world.restart()
    await live(world, minuteMs)
    expect(world.published()).toHaveLength(2)
    for (let times = 0; times < 2; times += 1) {
      await world.loseStore()
      await live(world, minuteMs)
      issue(world, [periodOf(1)], closedAtMs)
      await live(world, minuteMs)
    }
    expect(world.published()).toHaveLength(2)
  })

  test('that nobody was told of while the alerter was away are told when the topic was read to its end', async () => {
    const world = await openWorld({ subscribers: [warehouse], recordsMax: 7 })
    world.kill()
    const startMs = minuteOf(world)
    const days = Array.from({ length: 2 * announcementLimits.atOnceMax + 3 }, (_, day) => day)
    for (const day of days)
      issue(world, [periodOf(day)], (startMs - (1_000 - day) * minuteMs) as EpochMs)
    await world.restart()
    await live(world, minuteMs)
    expect(inShort(world)).toEqual(days.map((day) => `warehouse day-${day}.1`))
    await world.loseStore()
    await live(world, minuteMs)
    expect(world.published()).toHaveLength(days.length)
  })

  test('are told from now on to whom wants them since now', async () => {
    const world = await openWorld()
    issue(world, [periodOf(1)])
    await live(world, 2 * minuteMs)
    world.setSubscribers([warehouse])
    await world.restart()
    await live(world, minuteMs)
    expect(world.published()).toEqual([])
    issue(world, [periodOf(2)])
    await live(world, minuteMs)
    expect(inShort(world)).toEqual(['warehouse day-2.1'])
  })

  test('many at one instant are told as one, and of one that is long ago nobody is told', async () => {
    const world = await openWorld({ subscribers: [warehouse] })
    const many = Array.from({ length: eachMax + 1 }, (_, day) => periodOf(day))
    issue(world, many, (minuteOf(world) - announcementLimits.toldForMs - minuteMs) as EpochMs)
    await live(world, minuteMs)
    expect(world.published()).toEqual([])
    issue(world, many, minuteOf(world))
    await live(world, 2 * minuteMs)
    expect(inShort(world)).toEqual([`warehouse ${many.map(({ label }) => `${label}.1`).join(' ')}`])
    expect(webhookBodySchema.parse(webhookBody([world.notices()[0]!.notice]))).toMatchObject({
      type: 'period.summary',
      data: { tenant: 'acme', periods: many.map(({ label }) => ({ label, rows: 3 })) },
    })
    issue(world, many.slice(1), minuteOf(world))
    await live(world, minuteMs)
    expect(world.published()).toHaveLength(1 + eachMax)
  })

  test('are told as a webhook of their own type, which says where their rows are listed', async () => {
    const world = await openWorld({ subscribers: [warehouse] })
    const closedAtMs = minuteOf(world)
    issue(world, [periodOf(20_514, { label: '2026-03-02', rows: 1, revision: 2, cause: 'late' })])
    await live(world, 1_000)
    const closedAt = new Date(closedAtMs).toISOString()
    const bodyOf = (notice: Notice) => webhookBodySchema.parse(webhookBody([notice]))
    const path = `/v1/tenants/acme/kpis/closed?since=${closedAt}`
    expect(world.notices().map(({ notice }) => bodyOf(notice))).toEqual([
      {
        ...{ type: 'period.closed', timestamp: closedAt },
        data: {
          ...{ tenant: 'acme', kind: 'day', label: '2026-03-02', cause: 'late' },
          ...{ start: '2026-03-02T00:00:00.000Z', end: '2026-03-03T00:00:00.000Z' },
          ...{ rows: 1, revision: 2, closedAt, path },
          text: {
            en: 'acme: day 2026-03-02 was issued again (revision 2), 1 row',
            zh: 'acme：2026-03-02（日）已重新发布（修订版 2），1 行',
          },
        },
      },
    ])
  })
})

async function somePeriods(kill?: Kill): Promise<World> {
  const world = await openWorld({
    subscribers: [warehouse, { ...warehouse, name: 'robot', closedPeriods: ['month'] }],
    recordsMax: 1,
    ...(kill && { kill }),
  })
  for (let day = 0; day < 3; day += 1) {
    issue(world, [periodOf(day), periodOf(day, { kind: 'month', label: `month-${day}` })])
    issue(world, [periodOf(day, { label: 'the same instant again' })])
    await live(world, minuteMs)
  }
  return world
}

test('killed at any commit, before it or after it, the next process tells the same of closed periods, under the same ids', async () => {
  const calm = await somePeriods()
  expect(idsOf(calm)).toHaveLength(9)
  for (let commit = 1; commit <= calm.commits(); commit += 1) {
    for (const moment of ['before', 'after'] as const) {
      const world = await somePeriods({ commit, moment })
      expect(world.wasKilled()).toBe(true)
      expect(idsOf(world).toSorted(), `${moment} ${commit}`).toEqual(idsOf(calm).toSorted())
    }
  }
})

test('while the topic is read, what waits is what may still be told: of kinds that are wanted, and not too old', () => {
  const { toldForMs } = announcementLimits
  const at = (ms: number): EpochMs => ms as EpochMs
  const instants = [1, 2, toldForMs + 1, toldForMs + 2].map(at)
  const periods = [periodOf(1), periodOf(1, { kind: 'hour', label: 'hour-1' })]
  let book: TenantBook = emptyTenantBook
  const waiting = instants.map((closedAtMs) => {
    const issued = { tenant, closedAtMs, periods }
    book = withAnnouncement(book, { kind: 'issued', issued }, [warehouse])
    return book.announced.waiting.flatMap((one) => (one.kind === 'issued' ? [one.issued] : []))
  })
  expect(waiting.map((all) => all.map(({ closedAtMs }) => closedAtMs))).toEqual([
    [1],
    [1, 2],
    [1, 2, toldForMs + 1],
    [2, toldForMs + 1, toldForMs + 2],
  ])
  expect(new Set(waiting.flat().flatMap((one) => one.periods.map(({ kind }) => kind)))).toEqual(
    new Set(['day']),
  )
})
