import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import { measures } from '@deskpulse/core/kpis'
import { countOf, emptyMerged, mergeRecord } from '@deskpulse/core/measures'
import { decodeOpen, isWaitingRow, openKey } from '@deskpulse/core/state'
import type { BusinessCalendar } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import {
  answers,
  asks,
  configProposals,
  contactRule,
  logOf,
  mondayMs,
  opened,
  proposals,
  tenant,
  told,
  type Step,
} from '../testing/alert-log.ts'
import { foldLog, transitionsOf } from '../testing/fold-log.ts'
import { dayRecordsOf } from '../testing/measures.ts'
import type { MemoryStore } from '../replay/memory-store.ts'

const hours = (from: number, to: number): BusinessCalendar => ({
  hours: [{ days: [1, 2, 3, 4, 5], fromMinute: from * 60, toMinute: to * 60 }],
  holidays: [],
  workdays: [],
})
const openFrom = (from: number, to: number): TenantConfig => ({
  ...defaultTenantConfig,
  calendars: { office: hours(from, to) },
  calendar: 'office',
})
const hour = 3_600
/** Seconds of the log: it begins on Monday at 08:00. */
const clock = (text: string): number => (Date.parse(`2026-03-${text}Z`) - mondayMs) / 1_000
const email = { channel: 'email' }

/** When each contact that waits is due. */
function duesOf(store: MemoryStore): Record<string, string> {
  return Object.fromEntries(
    [...(store.hashes.get(openKey(tenant)) ?? [])].flatMap(([field, bytes]) => {
      const { row } = decodeOpen(field, bytes)
      return isWaitingRow(row)
        ? [[row.contactId, new Date(row.dueAtMs).toISOString().slice(8, 16)]]
        : []
    }),
  )
}

const foldings = [
  { rule: 'a record a fold', batchSizes: [1], restartAt: [] },
  { rule: 'all at once', batchSizes: [100], restartAt: [] },
  { rule: 'by another worker each time', batchSizes: [1, 2], restartAt: [1, 2, 3, 4, 5, 6, 7] },
]

describe('who waits while the hours change', () => {
  test.each(foldings)(
    'is due by the new ones as soon as they are known: $rule',
    async (folding) => {
      const propose = configProposals()
      const [asked, changed] = [clock('02T17:40'), clock('02T17:45')]
      const steps: Step[] = [
        [0, propose(openFrom(9, 18))],
        [asked, opened(asked, 'c-1', email), asks(asked, 'c-1')],
        [asked + 1, opened(asked + 1, 'c-2', email), asks(asked + 1, 'c-2')],
      ]
      const options = { batchSizes: folding.batchSizes, restartAt: new Set(folding.restartAt) }
      expect(duesOf(await foldLog(logOf(...steps), options))).toEqual({
        'c-1': '03T09:40',
        'c-2': '03T09:40',
      })
      // In force from 17:50 on, five minutes after the record: open until 20:00.
      steps.push([changed, propose(openFrom(9, 20))], [changed + 1])
      expect(duesOf(await foldLog(logOf(...steps), options))).toEqual({
        'c-1': '02T18:40',
        'c-2': '02T18:40',
      })
    },
  )

  test.each(foldings)('where they become shorter is due later: $rule', async (folding) => {
    const propose = configProposals()
    const [asked, changed] = [clock('02T16:30'), clock('02T16:45')]
    const steps: Step[] = [
      [0, propose(openFrom(9, 18))],
      [asked, opened(asked, 'c-1', email), asks(asked, 'c-1')],
      [changed, propose(openFrom(9, 17))],
      [changed + 1],
      [clock('02T17:31')], // Due by the hours of before.
    ]
    const options = { batchSizes: folding.batchSizes, restartAt: new Set(folding.restartAt) }
    expect(duesOf(await foldLog(logOf(...steps), options))).toEqual({ 'c-1': '03T09:30' })
  })
})

describe('who was answered, and awaits the resolution alone, while the hours change', () => {
  test.each(foldings)('is due by the new ones, too: $rule', async (folding) => {
    const propose = configProposals()
    const { deferred } = defaultTenantConfig.limits
    const inTwoHours = (to: number): TenantConfig => ({
      ...openFrom(9, to),
      limits: {
        ...defaultTenantConfig.limits,
        deferred: { ...deferred, resolutionMs: 2 * hour * 1_000 },
      },
    })
    const [asked, answered, changed] = [clock('02T17:00'), clock('02T17:05'), clock('02T17:45')]
    const steps: Step[] = [
      [0, propose(inTwoHours(18))], // Due on Tuesday at 10:00.
      [asked, opened(asked, 'c-1', email), asks(asked, 'c-1')],
      [answered, answers(answered, 'c-1')],
      [changed, propose(inTwoHours(20))],
      [changed + 1],
      [clock('02T18:59')],
    ]
    const options = { batchSizes: folding.batchSizes, restartAt: new Set(folding.restartAt) }
    const dueIn = async (): Promise<number> => {
      const merged = emptyMerged()
      const store = await foldLog(logOf(...steps), options)
      for (const { record } of dayRecordsOf(store, tenant, 'all')) mergeRecord(merged, record)
      return Number(countOf(merged, measures.resolutionDue))
    }
    expect(await dueIn()).toBe(0)
    steps.push([clock('02T19:01')], [clock('02T19:05')])
    expect(await dueIn()).toBe(1)
  })
})

describe('an alert on a deadline', () => {
  const rule = contactRule('late', { limitMs: hour * 1_000, classes: ['deferred'] })
  const asked = clock('02T17:55')

  const alertsOf = async (...steps: readonly Step[]): Promise<string[]> => {
    const log = logOf([0, configProposals()(openFrom(9, 18)), proposals()(rule)], ...steps)
    return transitionsOf(await foldLog(log, { batchSizes: [1] })).map(told)
  }

  test('runs on business time where the limits of the class do', async () => {
    const due = clock('03T09:55')
    expect(
      await alertsOf(
        [asked, opened(asked, 'c-1', email), asks(asked, 'c-1')],
        [clock('02T18:56')],
        [due - 1],
        [due],
      ),
    ).toEqual([`late contact/c-1 #1 firing ${asked}–${due}– found ${due}`])
  })

  test('is none where the answer comes within that time', async () => {
    const answered = clock('03T09:54')
    expect(
      await alertsOf(
        [asked, opened(asked, 'c-1', email), asks(asked, 'c-1')],
        [answered, answers(answered, 'c-1')],
        [clock('03T12:00')],
      ),
    ).toEqual([])
  })
})
