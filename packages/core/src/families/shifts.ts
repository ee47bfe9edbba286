import type { Kpi } from '../kpis/kpi.ts'
import { ratio, total } from '../kpis/shapes.ts'
import type { ShiftTimeRow } from '../subjects/row.ts'
import { emptyReason, signedIn } from './agent-time.ts'
import { count, family, on, span } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Stretches of which something is so: their time. */
const time = (isSo: (row: ShiftTimeRow) => boolean) =>
  on('shift-time', {
    at: (row) => (isSo(row) ? { atMs: row.fromMs, credit: row.credit } : null),
    untilMs: ({ toMs }) => toMs,
    value: ({ fromMs, toMs }) => toMs - fromMs,
  })

/** What agents were to do, and did. */
export const shifts = family('shifts', 15, {
  scheduledTime: span(
    1,
    time(({ scheduled }) => scheduled !== null),
  ),
  adheredTime: span(
    2,
    time(({ scheduled, actual }) => scheduled === actual),
  ),
  scheduledProductiveTime: span(
    3,
    time(({ scheduled }) => scheduled === 'productive'),
  ),
  /** In shifts and around them. */
  productiveTime: span(
    4,
    time(({ actual }) => actual === 'productive'),
  ),
  /** Shifts that are over, and dates that were told by hand. */
  attendanceDue: count(
    5,
    on('shift', { at: ({ ended }) => ended }),
    on('attendance', { at: ({ begun, isScheduled }) => (isScheduled ? begun : null) }),
  ),
  attendanceKept: count(
    6,
    on('shift', { at: ({ ended, isAttended }) => (isAttended ? ended : null) }),
    on('attendance', {
      at: ({ begun, isScheduled, isAttended }) => (isScheduled && isAttended ? begun : null),
    }),
  ),
  attendanceViolated: count(
    7,
    on('attendance', {
      at: ({ begun, violations }) => (violations > 0 ? begun : null),
      value: ({ violations }) => violations,
    }),
  ),
})

const timeSql = (where: string) => [rowsOf('shift-time', 'from', { where, value: 'durationMs' })]

/** The same in SQL. */
export const shiftSql: FamilySql<keyof typeof shifts.measures> = {
  scheduledTime: timeSql('scheduled IS NOT NULL'),
  adheredTime: timeSql('scheduled = actual'),
  scheduledProductiveTime: timeSql("scheduled = 'productive'"),
  productiveTime: timeSql("actual = 'productive'"),
  attendanceDue: [
    rowsOf('shift', 'ended'),
    rowsOf('attendance', 'begun', { where: 'isScheduled' }),
  ],
  attendanceKept: [
    rowsOf('shift', 'ended', { where: 'isAttended' }),
    rowsOf('attendance', 'begun', { where: 'isScheduled AND isAttended' }),
  ],
  attendanceViolated: [rowsOf('attendance', 'begun', { value: 'violations' })],
}

const { scheduledTime, adheredTime, scheduledProductiveTime, productiveTime } = shifts.measures
const { attendanceDue, attendanceKept, attendanceViolated } = shifts.measures

const common = { dimensions: ['agent'], reads: signedIn, emptyReason } as const

const timeDocs = {
  countedAt:
    'the time itself, split over the buckets that it covers, of quarter-hours that are over; later shifts and states restate it',
  whenEmpty:
    '`null`: `no-agent-states` where no agent of the slice was signed in, else `nothing-happened`: none of them had a shift',
}

const adherence = ratio('adherence', {
  name: { en: 'Adherence', zh: '遵时率' },
  description: {
    en: 'Share of scheduled time in which agents did what was scheduled.',
    zh: '坐席按排班执行的时间占排班时间的比例。',
  },
  direction: 'higher',
  targets: { any: { min: 0.95 } },
  of: adheredTime,
  per: scheduledTime,
  ...common,
  docs: {
    formula:
      'time of shifts in which the class of what the agent did was that of what was scheduled ÷ time of shifts',
    ...timeDocs,
    note: 'classes: productive (available, on contact, wrap-up, or engaged in a contact whatever the state), break (break, meal), meeting, training, other (not ready, other), off (signed out). Scheduled is the activity that covers the instant (of several the last listed), else productive; where shifts of one agent overlap, the one that begins last counts. Time before the first state of an agent was told counts in neither. Shifts name no queue and no channel (`no-source`)',
  },
})

const conformance = ratio('conformance', {
  name: { en: 'Conformance', zh: '工时符合率' },
  description: {
    en: 'Productive time in and around shifts ÷ scheduled productive time.',
    zh: '班次内及前后的有效工作时间 ÷ 排定的有效工作时间。',
  },
  direction: 'neutral',
  unit: 'index',
  of: productiveTime,
  per: scheduledProductiveTime,
  ...common,
  docs: {
    formula:
      'productive time in shifts and up to 6 hours before and after them ÷ productive time that was scheduled',
    ...timeDocs,
    note: 'it says how long agents worked, whenever that was: it may pass 1, and `adherence` says whether it was at the right time. Read it over days or longer: work before a shift may be in another hour. Classes as in `adherence`. Of agents who never have a shift nothing counts',
  },
})

const attendanceRate = ratio('attendance_rate', {
  name: { en: 'Attendance rate', zh: '出勤率' },
  description: {
    en: 'Share of shifts that agents attended.',
    zh: '坐席实际出勤的班次占应出勤班次的比例。',
  },
  direction: 'higher',
  of: attendanceKept,
  per: attendanceDue,
  ...common,
  docs: {
    formula:
      'attended shifts and dates ÷ shifts that are over and dates that were told by hand as scheduled',
    countedAt:
      'the end of the shift, once the quarter-hour that it is in is over; of a date that was told by hand its local begin, once that has come everywhere (noon UTC)',
    whenEmpty: timeDocs.whenEmpty,
    note: 'a shift is attended when the agent was signed in for at least half of it. Where `agent.attendance` tells a date, the shifts that begin on it count no more, and the date counts once. A shift of an agent of whom no state was told by its end counts in none',
  },
})

const attendanceViolations = total('attendance_violations', {
  name: { en: 'Attendance violations', zh: '违规次数' },
  description: {
    en: 'Violations that were told with the attendance of agents.',
    zh: '考勤记录中的违规次数。',
  },
  direction: 'lower',
  targets: { any: { max: 1 } },
  of: attendanceViolated,
  dimensions: ['agent'],
  docs: {
    formula: 'Σ `violations` of what was told last of each agent and date',
    countedAt: 'the local begin of the date, once that has come everywhere (noon UTC)',
    whenEmpty: '0',
    note: 'the default target is that of an agent’s month. Attendance names no queue and no channel (`no-source`)',
  },
})

export const shiftKpis: readonly Kpi[] = [
  adherence,
  conformance,
  attendanceRate,
  attendanceViolations,
]
