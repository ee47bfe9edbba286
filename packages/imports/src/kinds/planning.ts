import { date, flag, numberFrom, seconds, wholeFrom, word } from '../cells.ts'
import { dateOf, type ImportKind } from '../column.ts'
import { agent, end, start } from './common.ts'

/** Whether agents were to work on a date, and did. */
export const attendance: ImportKind = {
  name: 'attendance',
  title: { en: 'Attendance', zh: '出勤' },
  description: {
    en: 'Whether an agent was to work on a date, and did. It overrides what shifts say of that date.',
    zh: '坐席某日是否排班、是否出勤；优先于班次对该日的记录。',
  },
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
  happened: (cells) => ({ endOf: dateOf(cells['date']!) }),
}

/** What is expected in queues. */
export const forecasts: ImportKind = {
  name: 'forecasts',
  title: { en: 'Forecasts', zh: '预测' },
  description: {
    en: 'What is expected in a queue from start to end: contacts, handle time, agents.',
    zh: '队列在一段时间内的预测：会话量、处理时长、计划人数。',
  },
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
  happened: (cells) => ({ endOf: dateOf(cells['end']!) }),
}
