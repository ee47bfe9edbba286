import type { ClockProblem, EpochMs } from '@deskpulse/core/time'
import { createLogger, createMetrics } from '@deskpulse/runtime'
import {
  type Change,
  type CommitReport,
  DeskpulseError,
  type Offset,
  type PartitionId,
} from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { aggregatorTelemetry } from './telemetry.ts'

const p3 = 3 as PartitionId
const nowMs = 100_000

function opened() {
  const metrics = createMetrics({ processMetrics: false })
  const told: string[] = []
  const folding = {
    committed: () => void told.push('committed'),
    lost: () => void told.push('lost'),
    waiting: () => void told.push('waiting'),
  }
  const telemetry = aggregatorTelemetry({
    metrics,
    logger: createLogger({ name: 'test', level: 'silent' }),
    nowMs: () => nowMs,
    folding,
  })
  return {
    telemetry,
    told,
    /** Of one metric, by its labels; of a histogram its count and sum alone. */
    async series(name: keyof typeof metrics) {
      const { values } = await (metrics[name] as typeof metrics.lagSeconds).get()
      const shown = values.filter(({ labels }) => !('le' in labels))
      return shown.map(({ labels, value }) => [...Object.values(labels), value].join(' '))
    },
  }
}

const report = (logTimeMs: number): CommitReport => ({
  ...{ records: 2, entries: 30, foldMs: 40, commitMs: 500, lag: 7 },
  change: {
    logTimeMs: logTimeMs as EpochMs,
    watermarkMs: (logTimeMs - 1_500) as EpochMs,
  } as Change,
})

test('a commit is counted: its records, entries, times in seconds, and how far it is behind', async () => {
  const { telemetry, told, series } = opened()
  telemetry.processor.committed(p3, report(nowMs - 2_000))
  telemetry.processor.committed(p3, report(nowMs - 2_000))
  expect(await series('recordsRead')).toEqual(['4'])
  expect(await series('entriesFolded')).toEqual(['60'])
  expect(await series('batchEntries')).toEqual(['60', '2'])
  expect(await series('batchFold')).toEqual(['0.08', '2'])
  expect(await series('commitTime')).toEqual(['committed 1', 'committed 2'])
  expect(await series('lagRecords')).toEqual(['3 7'])
  expect(await series('lagSeconds')).toEqual(['3 2'])
  expect(await series('watermarkDelay')).toEqual(['3 1.5'])
  expect(told).toEqual(['committed', 'committed'])
})

test('log time ahead of the wall clock is no lag', async () => {
  const { telemetry, series } = opened()
  telemetry.processor.committed(p3, report(nowMs + 2_000))
  expect(await series('lagSeconds')).toEqual(['3 0'])
})

test('records that are gone are counted, each of them', async () => {
  const { telemetry, series } = opened()
  telemetry.processor.gap(p3, 10 as Offset, 14 as Offset)
  expect(await series('logGaps')).toEqual(['3 1'])
  expect(await series('recordsLost')).toEqual(['log 4'])
})

test('a partition that is lost is counted by why, and shows no clock any more', async () => {
  const { telemetry, told, series } = opened()
  const after: ClockProblem = { kind: 'jump', byMs: 60_000, sinceMs: 1 as EpochMs }
  telemetry.clock(p3, { before: null, after, leaptMs: 0 })
  telemetry.processor.lost(p3, 'fenced')
  expect(await series('partitionsLost')).toEqual(['fenced 1'])
  expect(await series('logClockOff')).toEqual(['3 0'])
  expect(told).toEqual(['lost'])
})

test('what is refused, decided and published is counted; what waits is told to the readiness', async () => {
  const { telemetry, told, series } = opened()
  telemetry.refused({ tenant: 'acme', source: '/crm', code: 'future-time' })
  telemetry.decided('firing', 3)
  telemetry.published('deskpulse.alerts', 5)
  telemetry.publishingFailed(p3, new DeskpulseError('LOG_UNAVAILABLE', 'away'))
  telemetry.processor.waiting(p3, new DeskpulseError('STORE_UNAVAILABLE', 'away'))
  expect(await series('entriesRefused')).toEqual(['acme /crm future-time 1'])
  expect(await series('alertsDecided')).toEqual(['firing 3'])
  expect(await series('outboxPublished')).toEqual(['deskpulse.alerts 5'])
  expect(told).toEqual(['waiting'])
})
