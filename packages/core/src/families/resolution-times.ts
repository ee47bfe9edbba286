import type { Kpi, KpiDocs, KpiText } from '../kpis/kpi.ts'
import { average, ratio } from '../kpis/shapes.ts'
import type { Measure } from '../measures/measure.ts'
import { dayMs } from '../time/time.ts'
import { resolutions } from './resolutions.ts'

const { measures } = resolutions

const timeToStart = average('time_to_start', {
  name: { en: 'Time to start', zh: '服务响应时间' },
  description: {
    en: 'From the request until an agent got to work on it, at that instant.',
    zh: '从客户请求到坐席开始处理的时间，按开始处理时刻统计。',
  },
  direction: 'lower',
  clocked: true,
  of: measures.timeToStart,
  percentiles: [90],
  docs: {
    formula: '`sum ÷ count` of start − request; p90 beside it',
    countedAt: 'the start: the first assignment, or public message of a human, since the request',
    whenEmpty: '`null`, `nothing-happened`: nobody got to work on anything',
    note: 'credited to the queue then, and to that agent. An outbound contact is a request from its customer’s first message on; its calendar is that of the queue at the request',
  },
})

type Variant = {
  readonly id: string
  readonly name: KpiText
  readonly description: KpiText
  readonly docs: KpiDocs
  readonly of: Measure
  readonly active: Measure
}

/** A time until a resolution, and the same less the time in which the contact was pended. */
function timesOf({ id, name, description, docs, of, active }: Variant): readonly Kpi[] {
  const common = {
    direction: 'lower',
    targets: { any: { max: dayMs } },
    clocked: true,
    percentiles: [90],
  } as const
  return [
    average(id, {
      ...{ ...common, name, description, of },
      docs: { ...docs, note: `${docs.note}; time in which it is pended counts` },
    }),
    average(`${id}_active`, {
      ...common,
      name: { en: `${name.en}, active`, zh: `${name.zh}（净）` },
      description: {
        en: `${description.en.slice(0, -1)}, less the time in which the contact was pended.`,
        zh: `${description.zh.slice(0, -1)}，扣除挂起时间。`,
      },
      of: active,
      docs: {
        ...docs,
        formula: `${docs.formula}, of both less the time in which it was pended`,
        note: `${docs.note}. Pended: from \`contact.pended\` to \`contact.resumed\`, the resolution or a reopening, on the same clock; a pend within another is none`,
      },
    }),
  ]
}

const calendar = 'its calendar is that of the queue at the request'
const noFirst = '`null`, `nothing-happened`: nothing was resolved for the first time'

const fromRequest = timesOf({
  id: 'resolution_time_from_request',
  name: { en: 'Resolution time', zh: '问题解决时间' },
  description: {
    en: 'From the request to the first resolution, at that resolution.',
    zh: '从客户请求到首次解决的时间，按解决时刻统计。',
  },
  of: measures.resolutionTimeFromRequest,
  active: measures.resolutionTimeFromRequestActive,
  docs: {
    formula: '`sum ÷ count` of first resolution − request; p90 beside it',
    countedAt: 'the first resolution',
    whenEmpty: noFirst,
    note: calendar,
  },
})

const fromStart = timesOf({
  id: 'resolution_time_from_start',
  name: { en: 'Resolution time from start', zh: '问题处理时间' },
  description: {
    en: 'From when an agent got to work on it to the first resolution, at that resolution.',
    zh: '从坐席开始处理到首次解决的时间，按解决时刻统计。',
  },
  of: measures.resolutionTimeFromStart,
  active: measures.resolutionTimeFromStartActive,
  docs: {
    formula: '`sum ÷ count` of first resolution − start (`time_to_start`); p90 beside it',
    countedAt: 'the first resolution',
    whenEmpty: `${noFirst}, or no agent had got to work on it`,
    note: calendar,
  },
})

const toLast = timesOf({
  id: 'resolution_time_to_last',
  name: { en: 'Resolution time to the last', zh: '最终解决时间' },
  description: {
    en: 'From the request to the last resolution up to now, at that resolution.',
    zh: '从客户请求到最近一次解决的时间，按该次解决时刻统计。',
  },
  of: measures.resolutionTimeToLast,
  active: measures.resolutionTimeToLastActive,
  docs: {
    formula: '`sum ÷ count` of last resolution − request; p90 beside it',
    countedAt: 'the last resolution: a later one takes it back, and counts instead',
    whenEmpty: '`null`, `nothing-happened`: no last resolution falls there',
    note: calendar,
  },
})

const resolvedWithinTargetOfDue = ratio('resolved_within_target_of_due', {
  name: { en: 'Resolved within limit, of due', zh: '按时解决率' },
  description: {
    en: 'Share of requests that were resolved by their limit, at min(first resolution, limit).',
    zh: '在时限内首次解决的请求占比，按解决或到期（取较早）时刻统计。',
  },
  direction: 'higher',
  targets: { any: { min: 0.9 } },
  of: measures.resolutionDueWithin,
  per: measures.resolutionDue,
  docs: {
    formula:
      'requests resolved at or before their limit ÷ requests that were to be resolved by then',
    countedAt: 'min(first resolution, request + limit)',
    whenEmpty: '`null`, `nothing-happened`: none became due; nothing had a limit',
    note: 'limits by class, queue, channel and priority as at the request (deferred 24 h by default, others none), on the clock of the class; they stand still while the contact is pended where `pendedPauses` says so. Over without a resolution, or a bot’s alone, when the limit passes: in neither. A reopening changes nothing of it',
  },
})

export const resolutionTimeKpis: readonly Kpi[] = [
  timeToStart,
  ...fromRequest,
  ...fromStart,
  ...toLast,
  resolvedWithinTargetOfDue,
]
