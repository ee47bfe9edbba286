import { type AnnouncedAt, webhookBody, webhookBodySchema } from '@deskpulse/contract'
import type { AppealChange } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs, minuteMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import type { Subscriber } from './announcement-notices.ts'
import { announcementLimits } from './announcements.ts'
import { live } from './testing/floor.ts'
import { type Kill, openWorld, tenant, type World } from './testing/world.ts'

const leads: Subscriber = { name: 'leads', tenants: null, closedPeriods: [], appeals: true }
const nowOf = ({ clock }: World): EpochMs => clock.nowMs()

const appealOf = (filedMs: EpochMs, changes: Partial<AppealChange> = {}): AppealChange => ({
  ...{ tenant, appealId: 'p-1', agentId: 'lin', start: '2026-02-01', end: '2026-02-28' },
  ...{ contacts: 2, scores: 0, kpis: ['csat'], reason: 'not mine', filedMs, filedBy: null },
  decided: null,
  ...changes,
})
const decidedAt = (atMs: EpochMs, decision: 'granted' | 'refused' = 'granted') => ({
  ...{ atMs, by: 'wang', decision, note: null },
})

/** Where the fold says it: log time, and the record of the log. */
const at = (atMs: EpochMs, offset: number, index = 0): AnnouncedAt => ({ atMs, offset, index })

function announce(world: World, announced: AnnouncedAt, appeal: AppealChange): void {
  world.group.append({ kind: 'appeal', announced, appeal })
}

/** `leads lin filed`: endpoint, agent and what happened. */
const inShort = (world: World): string[] =>
  world.notices().map(({ endpoint, notice: { appeal, periods } }) => {
    if (appeal === undefined) return `${endpoint} ${periods![0]!.label}`
    return `${endpoint} ${appeal.appealId} ${appeal.decided?.decision ?? 'filed'}`
  })
const idsOf = (world: World): string[] => world.notices().map(({ notice }) => notice.alertId)

describe('appeals', () => {
  test('are told when they are filed and when they are decided, to whom asks for them and for their tenant', async () => {
    const subscribers = [
      leads,
      { ...leads, name: 'other', tenants: ['other'] },
      { ...leads, name: 'warehouse', closedPeriods: ['day'] as const, appeals: false },
    ]
    const world = await openWorld({ subscribers })
    const filedMs = nowOf(world)
    announce(world, at(filedMs, 1), appealOf(filedMs))
    await live(world, minuteMs)
    const decidedMs = nowOf(world)
    const decided = appealOf(filedMs, { decided: decidedAt(decidedMs) })
    announce(world, at(decidedMs, 2), decided)
    await live(world, minuteMs)
    expect(inShort(world)).toEqual(['leads p-1 filed', 'leads p-1 granted'])
    expect(new Set(idsOf(world)).size).toBe(2)
  })

  test('are told each, however many change at one instant, beside what is issued then', async () => {
    const closedPeriods = ['day'] as const
    const world = await openWorld({ subscribers: [{ ...leads, closedPeriods }] })
    const closedAtMs = (Math.floor(nowOf(world) / minuteMs) * minuteMs) as EpochMs
    const day = { kind: 'day', label: 'day-1', cause: 'closed', rows: 3, revision: 1 } as const
    const periods = [{ ...day, startMs: 0 as EpochMs, endMs: dayMs as EpochMs }]
    world.group.append({ kind: 'issued', issued: { tenant, closedAtMs, periods } })
    for (const [offset, index] of [
      [7, 0],
      [7, 1],
      [8, 0],
    ] as const) {
      const appealId = `p-${offset}-${index}`
      announce(world, at(closedAtMs, offset, index), appealOf(closedAtMs, { appealId }))
    }
    await live(world, minuteMs)
    expect(inShort(world)).toEqual([
      'leads day-1',
      ...['p-7-0', 'p-7-1', 'p-8-0'].map((appealId) => `leads ${appealId} filed`),
    ])
  })

  test('are not told again by a fold that tells them again, a restart, or a state that was lost', async () => {
    const world = await openWorld({ subscribers: [leads] })
    const filedMs = nowOf(world)
    const both = (): void => {
      announce(world, at(filedMs, 1), appealOf(filedMs))
      announce(world, at(filedMs, 1, 1), appealOf(filedMs, { appealId: 'p-2' }))
    }
    both()
    await live(world, minuteMs)
    both()
    await world.restart()
    await live(world, minuteMs)
    for (let times = 0; times < 2; times += 1) {
      await world.loseStore()
      await live(world, minuteMs)
      both()
      await live(world, minuteMs)
    }
    expect(inShort(world)).toEqual(['leads p-1 filed', 'leads p-2 filed'])
  })

  test('that are history are told to nobody: the log is folded anew, or they are imported', async () => {
    const world = await openWorld({ subscribers: [leads] })
    const nowMs = nowOf(world)
    const oldMs = (nowMs - announcementLimits.toldForMs - minuteMs) as EpochMs
    announce(world, at(oldMs, 1), appealOf(oldMs))
    announce(world, at(nowMs, 2), appealOf(oldMs, { appealId: 'p-2' }))
    announce(world, at(nowMs, 3), appealOf(oldMs, { decided: decidedAt(nowMs, 'refused') }))
    await live(world, minuteMs)
    expect(inShort(world)).toEqual(['leads p-1 refused'])
  })

  test('are told as a webhook of their own type', async () => {
    const world = await openWorld({ subscribers: [leads] })
    const filedMs = nowOf(world)
    const decided = decidedAt((filedMs + 1) as EpochMs)
    announce(world, at(filedMs, 1), appealOf(filedMs))
    announce(world, at(filedMs, 2), appealOf(filedMs, { decided }))
    await live(world, minuteMs)
    const [filed, granted] = world
      .notices()
      .map(({ notice }) => webhookBodySchema.parse(webhookBody([notice])))
    const filedAt = new Date(filedMs).toISOString()
    const data = {
      ...{ tenant: 'acme', appealId: 'p-1', agentId: 'lin', contacts: 2, scores: 0 },
      ...{ period: { start: '2026-02-01', end: '2026-02-28' }, kpis: ['csat'] },
      ...{ reason: 'not mine', filedAt, filedBy: null, decision: null, decidedBy: null },
      note: null,
      text: {
        en: 'Appeal filed: agent lin, 2026-02-01 to 2026-02-28, about 2 contacts, KPI Customer satisfaction',
        zh: '申诉已提交：坐席 lin，2026-02-01 至 2026-02-28，涉及 2 个会话、指标 客户满意度',
      },
      url: 'https://desk.example/scorecards?tenant=acme&agent=lin',
    }
    expect(filed).toEqual({ type: 'appeal.filed', timestamp: filedAt, data })
    expect(granted).toMatchObject({
      ...{ type: 'appeal.decided', timestamp: new Date(filedMs + 1).toISOString() },
      data: { filedAt, decision: 'granted', decidedBy: 'wang' },
    })
  })
})

async function someAppeals(kill?: Kill): Promise<World> {
  const subscribers = [leads, { ...leads, name: 'robot' }]
  const world = await openWorld({ subscribers, recordsMax: 1, ...(kill && { kill }) })
  const startMs = nowOf(world)
  for (let offset = 0; offset < 3; offset += 1) {
    const announced = at((startMs + offset * minuteMs) as EpochMs, offset + 1)
    const appeal = appealOf(startMs, { appealId: `p-${offset}` })
    announce(world, announced, appeal)
    announce(world, announced, appeal)
    await live(world, minuteMs)
  }
  return world
}

test('killed at any commit, before it or after it, the next process tells the same of appeals, under the same ids', async () => {
  const calm = await someAppeals()
  expect(idsOf(calm)).toHaveLength(6)
  for (let commit = 1; commit <= calm.commits(); commit += 1) {
    for (const moment of ['before', 'after'] as const) {
      const world = await someAppeals({ commit, moment })
      expect(world.wasKilled()).toBe(true)
      expect(idsOf(world).toSorted(), `${moment} ${commit}`).toEqual(idsOf(calm).toSorted())
    }
  }
})
