import { dimensionSet, type DimensionSet } from '../measures/dimension-set.ts'
import type { EpochMs } from '../time/time.ts'
import type { Grain, Moment, RowOf } from './row.ts'

const at = (ms: number, credit: DimensionSet): Moment => ({ atMs: ms as EpochMs, credit })

/** A row of each grain, with all that it can have; every credit is another one. */
export function rowOfEachGrain(): { readonly [Name in Grain]: RowOf<Name> } {
  let agents = 0
  const credit = (): DimensionSet =>
    dimensionSet(
      { queue: 'sales', agent: `agent-${(agents += 1)}`, channel: 'chat', class: 'live' },
      { topic: 'refund' },
    )
  return {
    reply: {
      ...{
        grain: 'reply',
        ordinal: 2,
        sinceMs: 1_000 as EpochMs,
        dueMs: 31_000 as EpochMs,
        clock: 'calendar',
        first: true,
        outside: null,
      },
      ...{
        answered: at(41_000, credit()),
        cancelled: at(42_000, credit()),
        due: { ...at(31_000, credit()), isWithin: false },
      },
      ...{ waitMs: 40_000, queueMs: 12_000 },
      other: {
        ...{ dueMs: 41_000 as EpochMs, waitMs: 30_000, queueMs: 11_000 },
        due: { ...at(41_000, credit()), isWithin: true },
        thresholds: [{ ...at(16_000, credit()), isWithin: false, seconds: 5 }],
        capped: { ...at(35_000, credit()), waitMs: 25_000 },
      },
      thresholds: [
        { ...at(6_000, credit()), isWithin: false, seconds: 5 },
        { ...at(41_000, credit()), isWithin: true, seconds: 60 },
      ],
      capped: { ...at(26_000, credit()), waitMs: 25_000 },
      lost: at(50_000, credit()),
    },
    pass: passRow(credit),
    offer: offerRow(credit),
    part: {
      ...{
        grain: 'part',
        agent: 'a-1',
        isFirst: true,
        isTransferred: true,
        isEscalated: true,
        isInvited: true,
        isResolved: true,
        isResolvedLater: true,
        handled: at(3_000, credit()),
      },
      ended: {
        ...at(3_500, credit()),
        ...{ handleMs: 900, talkMs: 500, holdMs: 300, holds: 2, holdAbandons: 1, wrapUpMs: 100 },
      },
    },
    resolution: { grain: 'resolution', ordinal: 1, resolved: at(4_000, credit()) },
    reopening: { grain: 'reopening', ordinal: 0, reopened: at(5_000, credit()) },
    escalation: {
      ...{ grain: 'escalation', ordinal: 2, kind: 'conflict', escalated: at(2_000, credit()) },
      reacted: { ...at(2_500, credit()), afterMs: 500 },
    },
    message: {
      ...{ grain: 'message', ordinal: 4, from: 'customer', responseMs: 80 },
      sent: at(4_700, credit()),
    },
    contact: contactRow(credit),
    session: {
      grain: 'session',
      contactId: 'c-1',
      repeated: { ...at(4_000, credit()), isMature: true, isInAuthority: true },
    },
    repeat: { grain: 'repeat', contactId: 'c-2', opened: at(5_000, credit()) },
    'customer-period': {
      ...{ grain: 'customer-period', period: 'month', startMs: 0 as EpochMs },
      served: { ...at(0, credit()), places: [at(1_000, credit()), at(2_000, credit())] },
      due: { ...at(3_000, credit()), places: [at(4_000, credit()), at(5_000, credit())] },
      missed: { ...at(6_000, credit()), places: [at(7_000, credit())] },
      paid: { ...at(8_000, credit()), places: [at(8_000, credit())] },
      advised: { ...at(9_000, credit()), places: [at(9_000, credit())] },
      converted: { ...at(10_000, credit()), places: [at(10_000, credit())] },
      inquired: { ...at(11_000, credit()), places: [at(11_000, credit())] },
      bought: { ...at(12_000, credit()), places: [at(12_000, credit())] },
      paidBefore: { ...at(13_000, credit()), places: [at(13_000, credit())] },
      retained: { ...at(14_000, credit()), places: [at(14_000, credit())] },
    },
    ...contractRows(credit),
    ...customerWords(credit),
    ...agentRows(credit),
    ...shiftRows(credit),
    incident: { grain: 'incident', openedMs: 500 as EpochMs, restored: at(1_000, credit()) },
    ...saleRows(credit),
    forecast: forecastRow(credit),
    'agent-time': agentTimeRow(credit),
    ...botRows(credit),
    ...manualRows(credit),
  }
}

function saleRows(credit: () => DimensionSet): {
  readonly [Name in 'sale-offer' | 'refund' | 'order']: RowOf<Name>
} {
  return {
    'sale-offer': { grain: 'sale-offer', made: at(1_000, credit()), isAccepted: true },
    refund: {
      ...{ grain: 'refund', requested: at(1_000, credit()), handled: at(9_000, credit()) },
      ...{ isInTime: true, isCorrect: true },
    },
    order: {
      ...{ grain: 'order', customerId: 'u-1', placed: at(1_000, credit()) },
      paid: {
        ...{ ...at(9_000, credit()), amountMinor: 12_900, currency: 'CNY' },
        ...{ returnedMinor: 900, refundedMinor: 500 },
      },
      ...{ isReturned: true, isRefunded: true, isReturnedByService: true, isConverted: true },
    },
  }
}

function manualRows(credit: () => DimensionSet): {
  readonly [
    Name in 'quality-review' | 'violation' | 'assessment' | 'employee-survey' | 'cost'
  ]: RowOf<Name>
} {
  const period = {
    ...{ start: '2026-01-01', end: '2026-12-31' },
    within: ['year'] as const,
  }
  return {
    'quality-review': {
      ...{ grain: 'quality-review', counted: at(1_000, credit()), period, kind: 'call' },
      ...{ score: 85_500_000, isPassed: true, criticalErrors: 1, reviewer: 'qa-1' },
      ...{ form: 'calls', formVersion: '3', questions: 12 },
    },
    violation: {
      ...{ grain: 'violation', recorded: at(1_000, credit()), kind: 'banned_phrase', count: 2 },
    },
    assessment: {
      ...{ grain: 'assessment', counted: at(1_000, credit()), period, kind: 'attitude' },
      ...{ rater: 'peer', score: 85_500_000, isPassed: true },
    },
    'employee-survey': {
      ...{ grain: 'employee-survey', answered: at(1_000, credit()), score: 75_000_000 },
    },
    cost: {
      ...{ grain: 'cost', counted: { ...at(1_000, credit()), currency: 'JPY' }, period },
      ...{ amountMinor: 128_000, kind: 'salaries' },
    },
  }
}

const agentTimeRow = (credit: () => DimensionSet): RowOf<'agent-time'> => ({
  grain: 'agent-time',
  ...{ class: 'handling', contacts: 2, capacity: 3 },
  fromMs: 0 as EpochMs,
  toMs: 60_000 as EpochMs,
  credit: credit(),
})

function botRows(credit: () => DimensionSet): {
  readonly [Name in 'bot-episode' | 'bot-contact']: RowOf<Name>
} {
  return {
    'bot-episode': {
      ...{ grain: 'bot-episode', ordinal: 4, started: at(1_000, credit()) },
      ...{ endMs: 7_000 as EpochMs, how: 'handed-off', reason: 'policy', messages: 6 },
      ...{ isInvolved: true, isAfterHumans: true, isAnswered: true },
      ...{ isReopened: true, isMature: true },
    },
    'bot-contact': {
      ...{ grain: 'bot-contact', opened: at(1_000, credit()), involved: at(2_000, credit()) },
      ...{ over: at(9_000, credit()), isContained: true, isHandedOff: true },
    },
  }
}

/** What customers say, and call-back visits. */
const customerWords = (
  credit: () => DimensionSet,
): { readonly [Name in 'survey' | 'complaint' | 'review' | 'follow-up']: RowOf<Name> } => ({
  survey: {
    ...{ grain: 'survey', kind: 'csat', subject: 'assisted', isReturned: true },
    ...{ invited: at(1_000, credit()), answered: at(2_000, credit()) },
    ...{ score: 75_000_000, isSatisfied: true },
  },
  complaint: {
    grain: 'complaint',
    filed: at(1_000, credit()),
    settled: at(9_000, credit()),
    justified: true,
  },
  review: { grain: 'review', posted: at(1_000, credit()), isBad: true, causedByService: true },
  'follow-up': { grain: 'follow-up', due: at(1_000, credit()), isDone: true },
})

function agentRows(credit: () => DimensionSet): {
  readonly [Name in 'staffing' | 'effective-part' | 'agent-day']: RowOf<Name>
} {
  return {
    staffing: {
      ...{ grain: 'staffing', startMs: 900_000 as EpochMs, queue: 'sales' },
      ...{ staffedMs: 600_000, credit: credit() },
    },
    'effective-part': {
      ...{ grain: 'effective-part', contactId: 'c-1' },
      ...{ ended: at(3_500, credit()), effectiveMs: 450 },
    },
    'agent-day': {
      ...{ grain: 'agent-day', startMs: 0 as EpochMs },
      handled: { ...at(3_000, credit()), places: [at(3_000, credit()), at(4_000, credit())] },
    },
  }
}

function shiftRows(credit: () => DimensionSet): {
  readonly [Name in 'shift-time' | 'shift' | 'attendance']: RowOf<Name>
} {
  return {
    'shift-time': {
      ...{ grain: 'shift-time', scheduled: 'productive', actual: 'break' },
      ...{ fromMs: 900_000 as EpochMs, toMs: 960_000 as EpochMs, credit: credit() },
    },
    shift: {
      ...{ grain: 'shift', shiftId: 's-1', startMs: 0 as EpochMs },
      ...{ ended: at(7_200_000, credit()), signedInMs: 3_600_000, isAttended: true },
    },
    attendance: {
      ...{ grain: 'attendance', begun: at(0, credit()) },
      ...{ isScheduled: true, isAttended: true, violations: 2 },
    },
  }
}

function offerRow(credit: () => DimensionSet): RowOf<'offer'> {
  return {
    ...{ grain: 'offer', ordinal: 4, agent: 'a-1', sinceMs: 1_000 as EpochMs },
    ended: { ...at(9_000, credit()), how: 'missed', reason: 'timeout' },
  }
}

function passRow(credit: () => DimensionSet): RowOf<'pass'> {
  return {
    ...{ grain: 'pass', ordinal: 3, sinceMs: 1_000 as EpochMs, queue: 'sales' },
    dueMs: 21_000 as EpochMs,
    entered: at(1_000, credit()),
    due: { ...at(21_000, credit()), isWithin: false },
    thresholds: [
      { ...at(6_000, credit()), isWithin: false, seconds: 5 },
      { ...at(23_000, credit()), isWithin: true, seconds: 60 },
    ],
    ended: { ...at(23_000, credit()), how: 'left', reason: 'voicemail', waitMs: 22_000 },
    lost: at(2_000, credit()),
  }
}

function contactRow(credit: () => DimensionSet): RowOf<'contact'> {
  return {
    ...{ grain: 'contact', clock: 'calendar', isInAuthority: true },
    opened: { ...at(1_000, credit()), isResolvedInTime: true },
    leftMessage: at(1_200, credit()),
    started: { ...at(1_500, credit()), afterMs: 501, otherAfterMs: 401 },
    answered: at(2_000, credit()),
    resolutionDue: { ...at(3_500, credit()), isWithin: true },
    hungUp: { ...at(4_500, credit()), isByAgent: true },
    ended: {
      ...at(4_600, credit()),
      ...{ stations: 3, queueWaitMs: 700 },
      ...{ isAnswered: true, messages: 7, closeMs: 70, isSilent: false },
    },
    resolved: {
      ...at(4_000, credit()),
      ...{ afterMs: 3_000, otherAfterMs: 2_000, activeMs: 2_001, otherActiveMs: 1_001 },
      fromStart: { afterMs: 2_502, otherAfterMs: 1_502, activeMs: 1_503, otherActiveMs: 503 },
      isFirstLevel: true,
      isReopened: true,
      firstContact: {
        ...at(4_000, credit()),
        isSolved: true,
        isIdentified: true,
        isMature: true,
      },
    },
    lastResolved: {
      ...at(5_000, credit()),
      ...{ afterMs: 4_004, otherAfterMs: 3_004, activeMs: 3_005, otherActiveMs: 2_005 },
    },
    closedUnresolved: { ...at(4_500, credit()), isIdentified: true },
    firstReply: { ...at(1_000, credit()), isWithin: true, isResolved: true },
    sessionEnd: { ...at(4_000, credit()), replies: 2, waitMs: 70_000, missed: 1, limitMs: 60_000 },
  }
}

function forecastRow(credit: () => DimensionSet): RowOf<'forecast'> {
  return {
    ...{ grain: 'forecast', toldMs: 500 as EpochMs, toMs: 120_000 as EpochMs },
    from: at(30_000, credit()),
    ...{ startMs: 30_000 as EpochMs, endMs: 1_830_000 as EpochMs },
    ...{ offered: 15_000_000, workMs: 2_700_000, agentMs: 3_600_000 },
  }
}

const contractRows = (
  credit: () => DimensionSet,
): { readonly [Name in 'contract-count' | 'contract-loss']: RowOf<Name> } => ({
  'contract-count': {
    ...{ grain: 'contract-count', period: 'week', customers: 12 },
    begun: at(1_000, credit()),
  },
  'contract-loss': {
    ...{ grain: 'contract-loss', period: 'year', startMs: 0 as EpochMs },
    left: at(2_000, credit()),
  },
})
