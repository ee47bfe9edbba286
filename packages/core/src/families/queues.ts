import { dimensions } from '../config/tenant-config.ts'
import type { Kpi } from '../kpis/kpi.ts'
import { average, highest, ratio, total } from '../kpis/shapes.ts'
import type { Measure } from '../measures/measure.ts'
import type { EndedPass, Moment, PassRow } from '../subjects/row.ts'
import { type EpochMs, secondMs } from '../time/time.ts'
import {
  count,
  type Counted,
  duration,
  family,
  making,
  on,
  type Sink,
  withEntry,
} from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'
import { addDue, thresholdsOf } from './thresholds.ts'

/** Who hangs up by then has not waited: such a pass is in no rate of abandonment. */
const shortAbandonMs = 5 * secondMs

/** Ends of passes; `which`: of those alone. */
const ended =
  (which: (end: EndedPass) => boolean = () => true) =>
  ({ queue, ended: end }: PassRow): Moment | null =>
    queue !== null && end !== null && which(end) ? end : null
const waited = ({ ended: end }: PassRow): number => end!.waitMs

const isAbandoned = ({ how }: EndedPass): boolean => how === 'abandoned'
const isShort = ({ waitMs }: EndedPass): boolean => waitMs <= shortAbandonMs

/** In no slice of agents: most of it nobody answered. */
const scope = 'wide'

const enteredMs = ({ entered }: PassRow): EpochMs | null => entered?.atMs ?? null

/** It can be read by the entry of its passes, too, under this field. */
const byEntry = (field: number, counted: Counted): Counted =>
  withEntry<'pass'>(counted, field, enteredMs)

/** Passes: each stay of a call in a queue. Always calendar time. */
export const queues = family(
  'queues',
  7,
  {
    passEntered: count(1, on('pass', { at: (row) => row.entered, scope })),
    /** At min(end, limit). */
    passDue: byEntry(22, count(2, on('pass', { at: (row) => row.due, scope }))),
    /** Answered at or before the limit, at the answer: that is when it is due, and when it ends. */
    passWithin: byEntry(
      23,
      count(3, on('pass', { at: ({ due }) => (due !== null && due.isWithin ? due : null) })),
    ),
    /** At the end of the pass, as all that follows: how long the caller waited in it. */
    passAnswered: byEntry(
      24,
      duration(4, on('pass', { at: ended(({ how }) => how === 'answered'), value: waited })),
    ),
    passAbandoned: byEntry(
      25,
      duration(5, on('pass', { at: ended(isAbandoned), value: waited, scope })),
    ),
    passAbandonedLong: byEntry(
      26,
      count(6, on('pass', { at: ended((end) => isAbandoned(end) && !isShort(end)), scope })),
    ),
    passAbandonedShort: byEntry(
      27,
      count(7, on('pass', { at: ended((end) => isAbandoned(end) && isShort(end)), scope })),
    ),
    passLeft: byEntry(28, count(8, on('pass', { at: ended(({ how }) => how === 'left'), scope }))),
    passEnded: byEntry(29, duration(9, on('pass', { at: ended(), value: waited, scope }))),
    /** A wait that is no pass is told once nobody answered it. */
    leftBeforeQueue: count(
      10,
      on('pass', { at: (row) => (row.queue === null ? row.ended : null), scope }),
    ),
  },
  [making('pass', addThresholds)],
)

const ofQueue = 'queue IS NOT NULL'
const abandoned = `how = 'abandoned' AND ${ofQueue}`

/** The same in SQL. */
export const queueSql: FamilySql<keyof typeof queues.measures> = {
  passEntered: [rowsOf('pass', 'entered', { scope })],
  passDue: [rowsOf('pass', 'due', { scope })],
  passWithin: [rowsOf('pass', 'due', { where: 'isDueWithin' })],
  passAnswered: [
    rowsOf('pass', 'ended', { where: `how = 'answered' AND ${ofQueue}`, value: 'waitMs' }),
  ],
  passAbandoned: [rowsOf('pass', 'ended', { where: abandoned, value: 'waitMs', scope })],
  passAbandonedLong: [
    rowsOf('pass', 'ended', { where: `waitMs > ${shortAbandonMs} AND ${abandoned}`, scope }),
  ],
  passAbandonedShort: [
    rowsOf('pass', 'ended', { where: `waitMs <= ${shortAbandonMs} AND ${abandoned}`, scope }),
  ],
  passLeft: [rowsOf('pass', 'ended', { where: `how = 'left' AND ${ofQueue}`, scope })],
  passEnded: [rowsOf('pass', 'ended', { where: ofQueue, value: 'waitMs', scope })],
  leftBeforeQueue: [rowsOf('pass', 'ended', { where: 'queue IS NULL', scope })],
}

const thresholds = thresholdsOf(queues.number, { due: 'passDue', within: 'passWithin' }, 'byEntry')
export const passThresholdMeasures = thresholds.of
export const passThresholdMeasureAt = thresholds.at

/** A measure of a threshold of passes in SQL; `null`: it is none. */
export function passThresholdSql(measure: Measure): readonly SqlTerm[] | null {
  const place = thresholds.placeOf(measure)
  if (place === null) return null
  const { seconds, isDue } = place
  const where = `seconds = ${seconds}${isDue ? '' : ' AND isWithin'}`
  return [rowsOf('pass-threshold', 'due', { where, ...(isDue && { scope }) })]
}

function addThresholds(row: PassRow, sink: Sink): void {
  addDue(thresholds, row.thresholds, scope, sink, enteredMs(row))
}

const {
  passEntered,
  passDue,
  passWithin,
  passAnswered,
  passAbandoned,
  passAbandonedLong,
  passAbandonedShort,
  passLeft,
  passEnded,
  leftBeforeQueue,
} = queues.measures

/** What nobody answered is credited to no agent: a share of it would say nothing in an agent's slice. */
const withoutAgents = dimensions.filter((dimension) => dimension !== 'agent')

const percentiles = [90] as const
const countedAtEnd = 'the end of the pass'
const ofPasses =
  'a pass is one stay of a call in one queue, so that a call that is passed on to a second queue counts in both'
const noPass = '`null`, `nothing-happened`: no pass ended'

const contactsOffered = total('contacts_offered', {
  name: { en: 'Contacts offered', zh: '呼入排队量' },
  description: {
    en: 'Stays of calls in a queue, at their entry.',
    zh: '来电进入队列的次数，按进入时刻统计。',
  },
  direction: 'neutral',
  dimensions: withoutAgents,
  of: passEntered,
  docs: {
    formula: 'passes that began',
    countedAt: 'the entry into the queue',
    whenEmpty: '0',
    note: `${ofPasses}. The same queue again while the call waits, or within \`clockSkew\` after the assignment from it, is no new pass; a call that is in no queue is none`,
  },
})

type Level = {
  readonly id: (of: string) => string
  readonly within: Measure
  readonly due: Measure
  readonly limit: { readonly en: string; readonly zh: string }
  readonly note: string
}

/** W ÷ all passes, ÷ those that were answered or abandoned, ÷ those that were answered. */
function serviceLevels({ id, within, due, limit, note }: Level): Kpi[] {
  const level = {
    direction: 'higher',
    targets: { any: { min: 0.8 } },
    of: within,
  } as const
  const answered = `passes answered within ${limit.en}`
  const whenNone = '`null`, `nothing-happened`: there was none'
  return [
    ratio(id('offered'), {
      ...level,
      name: {
        en: `Service level of offered, ${limit.en}`,
        zh: `服务水平（按进线，${limit.zh}）`,
      },
      description: {
        en: `Share of all passes that were answered within ${limit.en}.`,
        zh: `${limit.zh}内接听的排队占全部排队的比例。`,
      },
      dimensions: withoutAgents,
      per: due,
      docs: {
        formula: `${answered} ÷ passes that came due, however they ended or whether they did`,
        countedAt: 'min(end, entry + limit)',
        whenEmpty: whenNone,
        note,
      },
    }),
    ratio(id('answered_abandoned'), {
      ...level,
      name: {
        en: `Service level of answered and abandoned, ${limit.en}`,
        zh: `服务水平（按接听与放弃，${limit.zh}）`,
      },
      description: {
        en: `Share of passes that were answered within ${limit.en}, of those that were answered or abandoned after more than 5 seconds.`,
        zh: `${limit.zh}内接听的排队占接听与放弃（超过 5 秒）排队的比例。`,
      },
      dimensions: withoutAgents,
      per: [passAnswered, passAbandonedLong],
      docs: {
        formula: `${answered} ÷ passes that were answered, or abandoned after more than 5 s`,
        countedAt: countedAtEnd,
        whenEmpty: whenNone,
        note,
      },
    }),
    ratio(id('answered'), {
      ...level,
      name: {
        en: `Service level of answered, ${limit.en}`,
        zh: `服务水平（按接听，${limit.zh}）`,
      },
      description: {
        en: `Share of answered passes that were answered within ${limit.en}.`,
        zh: `${limit.zh}内接听的排队占已接听排队的比例。`,
      },
      per: passAnswered,
      docs: {
        formula: `${answered} ÷ passes that were answered`,
        countedAt: 'the answer',
        whenEmpty: whenNone,
        note: `${note}; what nobody answered is not in it`,
      },
    }),
  ]
}

const levelsOfLimit = serviceLevels({
  id: (of) => `service_level_of_${of}`,
  ...{ within: passWithin, due: passDue },
  limit: { en: 'the limit', zh: '时限' },
  note: `the limit is that of a first response, by class, queue, channel and priority, as at the entry (calls 20 s by default); an answer at exactly the limit is within. ${ofPasses}`,
})

/** Its target is what staffing is to reach. */
export const serviceLevelOfOffered = levelsOfLimit[0]!

const levelsOfThreshold = (seconds: number): Kpi[] =>
  serviceLevels({
    id: (of) => `service_level_${seconds}s_of_${of}`,
    ...passThresholdMeasures(seconds),
    limit: { en: `${seconds} s`, zh: `${seconds} 秒` },
    note: 'three for each of the tenant’s thresholds (`thresholdsSeconds`, by default 30 and 180): `service_level_<n>s_of_…`',
  })

const speedOfAnswer = average('speed_of_answer', {
  name: { en: 'Speed of answer', zh: '平均应答速度' },
  description: {
    en: 'How long callers waited in the queue from which they were answered, at the answer.',
    zh: '已接听来电在该队列中的等待时间，按接听时刻统计。',
  },
  direction: 'lower',
  of: passAnswered,
  percentiles,
  docs: {
    formula: '`sum ÷ count` of the waits of answered passes; p90 beside it',
    countedAt: 'the answer',
    whenEmpty: '`null`, `nothing-happened`: no pass was answered',
    note: 'ASA; credited to the queue of the pass and the agent who answered',
  },
})

const queueWait = average('queue_wait', {
  name: { en: 'Queue wait', zh: '平均排队时长' },
  description: {
    en: 'How long callers waited in a queue, however that ended, at its end.',
    zh: '来电在队列中的等待时间（无论结果），按离开队列时刻统计。',
  },
  direction: 'lower',
  dimensions: withoutAgents,
  of: passEnded,
  percentiles,
  docs: {
    formula: '`sum ÷ count` of the waits of all passes that ended; p90 beside it',
    countedAt: countedAtEnd,
    whenEmpty: noPass,
    note: 'answered, abandoned and left together',
  },
})

const queueWaitMax = highest('queue_wait_max', {
  name: { en: 'Longest queue wait that ended', zh: '最长排队时长' },
  description: {
    en: 'The longest wait in a queue of those that ended.',
    zh: '已结束的排队中最长的等待时间。',
  },
  direction: 'lower',
  dimensions: withoutAgents,
  of: passEnded,
  docs: {
    formula: 'the longest wait of all passes that ended, within 0.8 %',
    countedAt: countedAtEnd,
    whenEmpty: noPass,
    note: 'who waits now is in `longest_queue_wait`',
  },
})

const abandonTime = average('abandon_time', {
  name: { en: 'Time to abandon', zh: '放弃等待时长' },
  description: {
    en: 'How long callers waited who hung up in a queue, when they did.',
    zh: '放弃来电在队列中的等待时间，按放弃时刻统计。',
  },
  direction: 'neutral',
  dimensions: withoutAgents,
  of: passAbandoned,
  percentiles,
  docs: {
    formula: '`sum ÷ count` of the waits of abandoned passes, short ones too; p90 beside it',
    countedAt: countedAtEnd,
    whenEmpty: '`null`, `nothing-happened`: nobody hung up in a queue',
    note: '`contact.abandoned` in a queue, also in a second one after an answer; `contact.ended` there too, unless it is `by` an agent or the system',
  },
})

const abandonRate = ratio('abandon_rate', {
  name: { en: 'Abandon rate', zh: '放弃率' },
  description: {
    en: 'Share of passes whose caller hung up after more than 5 seconds, of all but shorter ones.',
    zh: '等待超过 5 秒后放弃的排队占比（不计 5 秒内放弃）。',
  },
  direction: 'lower',
  targets: { any: { max: 0.05 } },
  dimensions: withoutAgents,
  of: passAbandonedLong,
  per: [passAnswered, passAbandonedLong, passLeft],
  docs: {
    formula:
      'passes abandoned after more than 5 s ÷ passes that were answered, abandoned after more than 5 s, or left',
    countedAt: countedAtEnd,
    whenEmpty: noPass,
    note: 'who hangs up within 5 s is in `short_abandons` alone',
  },
})

const shortAbandons = total('short_abandons', {
  name: { en: 'Short abandons', zh: '短时放弃' },
  description: {
    en: 'Passes whose caller hung up within 5 seconds.',
    zh: '进入队列后 5 秒内放弃的排队数。',
  },
  direction: 'neutral',
  dimensions: withoutAgents,
  of: passAbandonedShort,
  docs: {
    formula: 'passes abandoned after at most 5 s',
    countedAt: countedAtEnd,
    whenEmpty: '0',
    note: 'in `service_level_of_offered` and `queue_wait`, and in no other share',
  },
})

const leftQueue = total('left_queue', {
  name: { en: 'Left the queue', zh: '离开队列' },
  description: {
    en: 'Passes that ended without an answer and without a hang-up.',
    zh: '未接听也未放弃而离开队列的排队数（溢出、留言、回呼等）。',
  },
  direction: 'lower',
  dimensions: withoutAgents,
  of: passLeft,
  docs: {
    formula:
      'passes that were dequeued, went on in another queue, or whose call was ended by others, resolved or closed',
    countedAt: countedAtEnd,
    whenEmpty: '0',
    note: 'the row has the reason: that of `contact.dequeued`, or of the next `contact.queued` (`overflow` where it tells none); `ended` where the call was over',
  },
})

const leftBefore = total('left_before_queue', {
  name: { en: 'Left before a queue', zh: '排队前离开' },
  description: {
    en: 'Calls that were over before they came to a queue or an agent.',
    zh: '在进入队列或转接坐席之前即结束的来电数。',
  },
  direction: 'neutral',
  dimensions: withoutAgents,
  of: leftBeforeQueue,
  docs: {
    formula: 'waits of calls from the opening that ended before any queue and any agent',
    countedAt: 'the end of the wait',
    whenEmpty: '0',
    note: 'in `queue=none`; they are in no other KPI of this chapter. A call that a bot alone had is not in it',
  },
})

/** `thresholdsSeconds`: as configured. */
export const queueKpis = (thresholdsSeconds: readonly number[]): readonly Kpi[] => [
  contactsOffered,
  ...levelsOfLimit,
  ...[...new Set(thresholdsSeconds)].sort((a, b) => a - b).flatMap(levelsOfThreshold),
  speedOfAnswer,
  queueWait,
  queueWaitMax,
  abandonTime,
  abandonRate,
  shortAbandons,
  leftQueue,
  leftBefore,
]
