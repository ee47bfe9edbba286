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
      waitMs: 40_000,
      other: {
        dueMs: 41_000 as EpochMs,
        waitMs: 30_000,
        due: { ...at(41_000, credit()), isWithin: true },
        thresholds: [{ ...at(16_000, credit()), isWithin: false, seconds: 5 }],
      },
      thresholds: [
        { ...at(6_000, credit()), isWithin: false, seconds: 5 },
        { ...at(41_000, credit()), isWithin: true, seconds: 60 },
      ],
      lost: at(50_000, credit()),
    },
    pass: passRow(credit),
    part: {
      ...{
        grain: 'part',
        agent: 'a-1',
        isFirst: true,
        isTransferred: true,
        isEscalated: true,
        handled: at(3_000, credit()),
      },
      ended: { ...at(3_500, credit()), handleMs: 900, talkMs: 500, holdMs: 300, wrapUpMs: 100 },
    },
    resolution: { grain: 'resolution', ordinal: 1, resolved: at(4_000, credit()) },
    reopening: { grain: 'reopening', ordinal: 0, reopened: at(5_000, credit()) },
    contact: {
      grain: 'contact',
      opened: at(1_000, credit()),
      answered: at(2_000, credit()),
      resolutionDue: { ...at(3_500, credit()), isWithin: true },
      resolved: {
        ...at(4_000, credit()),
        clock: 'calendar',
        afterMs: 3_000,
        otherAfterMs: 2_000,
        isReopened: true,
        firstContact: {
          ...at(4_000, credit()),
          isSolved: true,
          isIdentified: true,
          isMature: true,
        },
      },
    },
    session: {
      grain: 'session',
      contactId: 'c-1',
      repeated: { ...at(4_000, credit()), isMature: true },
    },
    'customer-period': {
      ...{ grain: 'customer-period', period: 'month', startMs: 0 as EpochMs },
      served: { ...at(0, credit()), places: [at(1_000, credit()), at(2_000, credit())] },
    },
    complaint: {
      grain: 'complaint',
      filed: at(1_000, credit()),
      settled: at(9_000, credit()),
      justified: true,
    },
    review: { grain: 'review', posted: at(1_000, credit()), isBad: true, causedByService: true },
    'follow-up': { grain: 'follow-up', due: at(1_000, credit()), isDone: true },
    incident: { grain: 'incident', openedMs: 500 as EpochMs, restored: at(1_000, credit()) },
    forecast: forecastRow(credit),
    'agent-time': {
      grain: 'agent-time',
      class: 'handling',
      fromMs: 0 as EpochMs,
      toMs: 60_000 as EpochMs,
      credit: credit(),
    },
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

function forecastRow(credit: () => DimensionSet): RowOf<'forecast'> {
  return {
    ...{ grain: 'forecast', toldMs: 500 as EpochMs, toMs: 120_000 as EpochMs },
    from: at(30_000, credit()),
    ...{ startMs: 30_000 as EpochMs, endMs: 1_830_000 as EpochMs },
    ...{ offered: 15_000_000, workMs: 2_700_000, agentMs: 3_600_000 },
  }
}
