import { limitOf } from '../folds/contact/response.ts'
import type { Finding, Kpi, Reading } from '../kpis/kpi.ts'
import { derived, nothing } from '../kpis/shapes.ts'
import { targetOf } from '../kpis/target.ts'
import { bucketStart, type DurationMs, hourMs, minuteMs } from '../time/time.ts'
import { erlangsMax, type Load, type Promised, requiredAgents } from '../workforce/erlang-c.ts'
import { perContact } from '../workforce/forecast.ts'
import { effectiveStaffing, effectiveTime } from './effective-time.ts'
import { serviceLevelOfOffered } from './queues.ts'
import { workforce } from './workforce.ts'

const { forecastOffered, workloadDifference, forecastWork, forecastTimedOffered } =
  workforce.measures
const { effectiveHandleTime } = effectiveTime.measures

/** Where no target says a least share. */
const usualShare = 0.8
/** No number of agents answers every call in time: a target of all is one of nearly all. */
const shareMax = 0.9999

/** What agents of a slice are to reach: the target of its service level of offered calls, within their limit there. */
export function promisedIn({
  slice,
  config,
  inForce,
}: Pick<Reading, 'slice' | 'config' | 'inForce'>): Promised {
  const { min = usualShare } = targetOf(serviceLevelOfOffered, slice, config) ?? {}
  const queue = slice.find(({ dimension }) => dimension === 'queue')?.value ?? null
  const call = { class: 'voice', channel: 'voice', attributes: {} } as const
  return {
    share: Math.min(min, shareMax),
    withinMs: limitOf(inForce, { ...call, queue }, 'firstResponseMs'),
  }
}

/** Of a load past what Erlang C is worked out for, as many as erlangs: there the difference is no part of a thousand. */
export function agentsFor(load: Load, promised: Promised): number {
  const erlangs = (load.callsPerHour / hourMs) * load.handleMs
  return erlangs > erlangsMax ? Math.ceil(erlangs) : requiredAgents(load, promised)
}

/** What came, or was expected to come, in an hour of the window; `null`: it has not begun. */
function callsPerHour(reading: Reading): number | null {
  const { window, asOfMs } = reading
  const forecast = Number(reading.count(forecastOffered))
  const isForecast = forecast > 0
  // A minute of a forecast counts in whole once it has begun.
  const endMs =
    isForecast && window.endMs === asOfMs ? bucketStart(asOfMs, minuteMs) + minuteMs : window.endMs
  const lengthMs = endMs - window.startMs
  if (lengthMs <= 0) return null
  const offered = isForecast ? forecast : Number(reading.count(workloadDifference))
  return (offered / perContact / lengthMs) * hourMs
}

/** As forecast, else as parts that ended took; `null`: neither is there. */
function handleMsOf(reading: Reading): DurationMs | null {
  const timed = Number(reading.count(forecastTimedOffered))
  if (timed > 0) return (Number(reading.count(forecastWork)) * perContact) / timed
  const { count, sum } = reading.duration(effectiveHandleTime)
  return count > 0 ? Number(sum) / count : null
}

function required(reading: Reading): Finding & { readonly value: number | null } {
  const calls = callsPerHour(reading)
  if (calls === null) return nothing('nothing-happened')
  if (calls === 0) return { value: 0 }
  const handleMs = handleMsOf(reading)
  return handleMs === null
    ? nothing('nothing-happened')
    : { value: agentsFor({ callsPerHour: calls, handleMs }, promisedIn(reading)) }
}

function gap(reading: Reading): Finding {
  const needed = required(reading)
  if (needed.value === null) return needed
  const { value: staffed, reason = 'nothing-happened' } = effectiveStaffing.find(reading)
  return staffed === null ? nothing(reason) : { value: staffed - needed.value }
}

const demand = [
  forecastOffered,
  workloadDifference,
  forecastWork,
  forecastTimedOffered,
  effectiveHandleTime,
] as const
const dimensions = ['queue'] as const
const pooled =
  'Calls come at random, wait in one queue, and nobody hangs up: with those who do fewer agents would be enough. `all` is taken for one group of which everybody takes every call, which needs fewer than its queues one by one. Nothing is added for breaks, training and absence. More than can be listed as rows makes it'

const requiredAgentsKpi = derived('required_agents', {
  name: { en: 'Required agents', zh: '需要人数' },
  description: {
    en: 'How many agents the service level needs at this load, by Erlang C.',
    zh: '按 Erlang C 计算，在当前负荷下达到服务水平目标所需的坐席人数。',
  },
  direction: 'neutral',
  unit: 'count',
  of: demand,
  dimensions,
  find: required,
  docs: {
    formula:
      'the fewest agents with whom Erlang C answers the target share of calls (`min` of the target of `service_level_of_offered` in the slice, 0.8 where it has none) within the limit of a first response of calls in the queue',
    countedAt:
      'the time itself: contacts for an hour, as forecast where the window has a forecast, else as they came (calls at each entry into a queue, other contacts at their opening); their handle time as forecast, else `handle_time_effective` of the window',
    whenEmpty:
      '0: nothing came, and nothing was forecast. `null`, `nothing-happened`: no handle time is known, or the window has not begun',
    note: `${pooled}; a target of more than 0.9999 counts as that`,
  },
})

const staffingGap = derived('staffing_gap', {
  name: { en: 'Staffing gap', zh: '人力缺口' },
  description: {
    en: 'Agents who were there on average, less those whom the service level needs.',
    zh: '平均在岗坐席人数减去需要人数；负数表示人手不足。',
  },
  direction: 'neutral',
  unit: 'index',
  of: [...demand, ...effectiveStaffing.measures],
  dimensions,
  find: gap,
  docs: {
    formula: '`effective_staffing` − `required_agents`',
    countedAt: 'the time itself; agents’ time by the quarter-hours that are over',
    whenEmpty: '`null` where one of the two is',
    note: `below 0: too few. ${pooled}`,
  },
})

export const requiredAgentsKpis: readonly Kpi[] = [requiredAgentsKpi, staffingGap]
