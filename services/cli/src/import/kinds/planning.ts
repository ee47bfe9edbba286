import { shiftMaxMs } from '@deskpulse/core/subjects'
import { hourMs } from '@deskpulse/core/time'
import { date, flag, numberFrom, seconds, time, wholeFrom, word } from '../cells.ts'
import type { Column, ImportKind, Text } from '../column.ts'
import { agent, ownId } from './common.ts'

const start = (...examples: readonly [Text, Text]): Column => ({
  ...{
    name: { en: 'start', zh: '开始' },
    fills: ['start'],
    isRequired: true,
    read: time,
    examples,
  },
})
const end = (...examples: readonly [Text, Text]): Column => ({
  ...{ name: { en: 'end', zh: '结束' }, fills: ['end'], isRequired: true, read: time, examples },
})

/** Whether agents were to work on a date, and did. */
export const attendance: ImportKind = {
  name: 'attendance',
  type: 'agent.attendance',
  columns: {
    agent: agent('lin.na', 'wang.wei'),
    date: {
      name: { en: 'date', zh: '日期' },
      ...{ fills: ['date'], isRequired: true, read: date },
      examples: ['2026-03-02', '2026/3/2'],
    },
    scheduled: {
      name: { en: 'scheduled', zh: '是否排班' },
      ...{ fills: ['scheduled'], isRequired: true, read: flag },
      examples: [
        { en: 'yes', zh: '是' },
        { en: 'yes', zh: '是' },
      ],
    },
    attended: {
      name: { en: 'attended', zh: '是否出勤' },
      ...{ fills: ['attended'], isRequired: true, read: flag },
      examples: [
        { en: 'yes', zh: '是' },
        { en: 'no', zh: '否' },
      ],
    },
    violations: {
      name: { en: 'violations', zh: '违规次数' },
      ...{ fills: ['violations'], read: wholeFrom(0, 1_000_000_000) },
      examples: ['', '1'],
    },
  },
  about: ['agent', 'date'],
  happened: (cells) => ({ endOf: cells['date']!.date! }),
}

/** Shifts, productive from one end to the other. */
export const shifts: ImportKind = {
  name: 'shifts',
  type: 'agent.scheduled',
  idAttribute: 'shiftId',
  columns: {
    id: ownId('', ''),
    agent: agent('lin.na', 'wang.wei'),
    start: start('2026-03-02T09:00:00+08:00', '2026-03-02T22:00:00+08:00'),
    end: end('2026-03-02T18:00:00+08:00', '2026-03-03T06:00:00+08:00'),
  },
  about: ['agent', 'start'],
  aboutOf: ({ value, date: day }) => day ?? value, // A shift that begins at another hour of its date is the same one.
  happened: (cells) => ({ endOf: cells['start']!.date! }),
  completed: (data) => {
    const [startAt, endAt] = [data['start'] as string, data['end'] as string]
    return Date.parse(endAt) - Date.parse(startAt) <= shiftMaxMs
      ? data
      : { key: 'end', expected: `a time at most ${shiftMaxMs / hourMs} hours after the start` }
  },
}

/** What is expected in queues. */
export const forecasts: ImportKind = {
  name: 'forecasts',
  type: 'workload.forecast',
  columns: {
    queue: {
      name: { en: 'queue', zh: '队列' },
      ...{ fills: ['queue'], isRequired: true, read: word },
      examples: ['billing', 'billing'],
    },
    start: start('2026-03-02T09:00:00+08:00', '2026-03-02T09:30:00+08:00'),
    end: end('2026-03-02T09:30:00+08:00', '2026-03-02T10:00:00+08:00'),
    offered: {
      name: { en: 'offered', zh: '预测量' },
      ...{ fills: ['offered'], isRequired: true, read: numberFrom(0, 10_000_000) },
      examples: ['42', '55.5'],
    },
    handle: {
      name: { en: 'averageHandleSeconds', zh: '平均处理秒数' },
      ...{ fills: ['averageHandleMs'], read: seconds },
      examples: ['240', ''],
    },
    agents: {
      name: { en: 'agents', zh: '计划人数' },
      ...{ fills: ['agents'], read: numberFrom(0, 100_000) },
      examples: ['8', ''],
    },
  },
  about: ['queue', 'start', 'end'],
  happened: (cells) => ({ endOf: cells['end']!.date! }),
}
