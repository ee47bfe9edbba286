import type { Clock, Dimension } from '@deskpulse/core/config'
import { agentStates } from '@deskpulse/core/events'
import type { Slice } from '@deskpulse/core/measures'
import type { Interval } from '@deskpulse/core/time'
import { isIn } from './observation.ts'
import type { World } from './world.ts'

/** What a KPI must show. `values`: every single duration, ascending. */
export type Expected =
  | {
      readonly kind: 'durations'
      readonly count: number
      readonly sum: number
      readonly values: readonly number[]
    }
  | {
      readonly kind: 'ratio'
      readonly numerator: number
      readonly denominator: number
      readonly identified?: number
    }
  | { readonly kind: 'highest'; readonly values: readonly number[] }
  | {
      readonly kind: 'count'
      readonly value: number | null
      readonly breakdown?: Readonly<Record<string, number>>
    }

/** The clock of the slice's class, where nobody asked for one; `class`: each contact on that of its own. */
export function usualClock({ config }: Pick<World, 'config'>, slice: Slice): Clock | 'class' {
  const { channelClasses, clock } = config
  const named = slice.flatMap(({ dimension, value }) =>
    dimension === 'class'
      ? [value]
      : dimension === 'channel'
        ? [channelClasses[value] ?? 'live']
        : [],
  )[0]
  if (named === 'live' || named === 'deferred') return clock[named]
  return named === 'voice' ? 'calendar' : 'class'
}

const sumOf = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0)

/** KPIs of a window or period: what happened in `[start, end)`, up to log time. `isPeriod`: it is one in which customers are counted, each once. */
export function windowValues(
  world: World,
  slice: Slice,
  { startMs, endMs }: Interval,
  isPeriod: boolean,
  clock: Clock | 'class' = usualClock(world, slice),
): Map<string, Expected> {
  const on = (what: string): string => (clock === 'class' ? what : `${what}@${clock}`)
  const { config, asOfMs } = world
  const found = world.observations.filter(
    (one) =>
      one.atMs >= startMs && one.atMs < endMs && one.atMs <= asOfMs && isIn(slice, one, world),
  )
  const of = (what: string): number[] =>
    found.flatMap((one) => (one.what === what ? [one.value] : [])).sort((a, b) => a - b)
  const customers = new Set(
    found.flatMap(({ what, customer }) => (what === 'answered' ? (customer ?? []) : [])),
  )
  const durations = (what: string): Expected => ({
    kind: 'durations',
    count: of(what).length,
    sum: sumOf(of(what)),
    values: of(what),
  })
  const count = (what: string): Expected => ({ kind: 'count', value: sumOf(of(what)) })
  const ratio = (part: string, ...wholes: string[]): Expected => ({
    kind: 'ratio',
    numerator: of(part).length,
    denominator: wholes.flatMap(of).length,
  })
  const [handling, available, notReady] = (['handling', 'available', 'not-ready'] as const).map(
    (name) => agentTime(world, slice, name, startMs, Math.min(endMs, asOfMs)),
  ) as [number, number, number]
  const only = (dimension: Dimension, expected: Expected): Expected =>
    slice.every((part) => part.dimension === dimension) ? expected : { kind: 'count', value: null } // Its events name no other.
  const ofNoAgent = (expected: Expected): Expected =>
    slice.some(({ dimension }) => dimension === 'agent') ? { kind: 'count', value: null } : expected
  const levels = (name: string, due: string): [string, Expected][] => [
    [`${name}_of_offered`, ofNoAgent(ratio(`${due}-within`, due))],
    [
      `${name}_of_answered_abandoned`,
      ofNoAgent(ratio(`${due}-within`, 'pass-answered', 'pass-abandoned-long')),
    ],
    [`${name}_of_answered`, ratio(`${due}-within`, 'pass-answered')],
  ]
  return new Map<string, Expected>([
    ['contacts_offered', ofNoAgent(count('pass'))],
    ...levels('service_level', 'pass-due'),
    ...config.thresholdsSeconds.flatMap((s) => levels(`service_level_${s}s`, `pass-due-${s}s`)),
    ['speed_of_answer', durations('pass-answered')],
    ['queue_wait', ofNoAgent(durations('pass-end'))],
    ['queue_wait_max', ofNoAgent({ kind: 'highest', values: of('pass-end') })],
    ['abandon_time', ofNoAgent(durations('pass-abandoned'))],
    [
      'abandon_rate',
      ofNoAgent(ratio('pass-abandoned-long', 'pass-answered', 'pass-abandoned-long', 'pass-left')),
    ],
    ['short_abandons', ofNoAgent(count('pass-abandoned-short'))],
    ['left_queue', ofNoAgent(count('pass-left'))],
    ['left_before_queue', ofNoAgent(count('left-before-queue'))],
    ['first_response_time', durations(on('first-reply'))],
    ['response_time', durations(on('reply'))],
    ['after_hours_first_response_time', durations(`after-hours-${on('first-reply')}`)],
    ['after_hours_response_time', durations(`after-hours-${on('reply')}`)],
    [
      'after_hours_answered_within_target_of_due',
      ratio(`after-hours-${on('due-within')}`, `after-hours-${on('due')}`),
    ],
    ['answered_within_target_of_answered', ratio(on('reply-within'), on('reply'))],
    ['answered_within_target_of_due', ratio(on('due-within'), on('due'))],
    ...config.thresholdsSeconds.map((s): [string, Expected] => [
      `answered_within_${s}s_of_due`,
      ratio(on(`due-${s}s-within`), on(`due-${s}s`)),
    ]),
    ['first_answered_within_target_of_due', ratio(on('first-due-within'), on('first-due'))],
    ['replies_missed', { kind: 'count', value: of('due').length - of('due-within').length }],
    ['replies_cancelled', count('cancelled')],
    ['contacts_opened', count('opened')],
    ['contacts_answered', count('answered')],
    ['contacts_handled', count('handled')],
    ['transfer_rate', ratio('handled-transferred', 'handled')],
    ['escalation_rate', ratio('handled-escalated', 'handled')],
    ['handle_time', durations('handle')],
    ['talk_time', durations('talk')],
    ['hold_time', durations('hold')],
    ['wrap_up_time', durations('wrap-up')],
    ['customers_served', { kind: 'count', value: isPeriod ? customers.size : null }],
    ['contacts_resolved', count('resolved')],
    ['lost_waits', count('lost')],
    ['resolution_events', count('resolution')],
    ['reopen_events', count('reopened')],
    ['fcr_mature', ratio('fcr-mature-solved', 'fcr-mature-due')],
    ['reopen_rate', ratio('resolved-reopened', 'resolved')],
    ['resolution_time_from_request', durations(on('resolution-time'))],
    ['resolved_within_target_of_due', ratio('resolution-due-within', 'resolution-due')],
    [
      'fcr_gross',
      { ...ratio('fcr-solved', 'fcr-due'), identified: of('fcr-identified').length } as Expected,
    ],
    ['occupancy', { kind: 'ratio', numerator: handling, denominator: handling + available }],
    [
      'utilization',
      { kind: 'ratio', numerator: handling, denominator: handling + available + notReady },
    ],
    ['complaint_count', only('agent', count('complaint'))],
    ['complaint_rate', only('agent', ratio('complaint', 'handled'))],
    ['justified_complaints', only('agent', count('justified'))],
    ['complaint_handle_time', only('agent', durations('complaint-time'))],
    ['bad_reviews', only('agent', count('bad-review'))],
    ['bad_review_rate', only('agent', ratio('bad-review', 'review'))],
    ['follow_up_rate', only('agent', ratio('follow-up-done', 'follow-up-due'))],
    ['time_to_restore', only('queue', durations('restored'))],
    ['workload_variance', only('queue', beyond(1_000_000 * contactsIn(found), of('forecast')))],
    [
      'workload_variance_by_work_time',
      only('queue', beyond(sumOf(of('handle')), of('forecast-work'))),
    ],
  ])
}

/** By how much more there was than was expected. */
function beyond(actual: number, forecast: readonly number[]): Expected {
  const expected = sumOf(forecast)
  return { kind: 'ratio', numerator: actual - expected, denominator: expected }
}

/** Calls count each time they enter a queue, all others once. */
const contactsIn = (found: World['observations']): number =>
  found.filter(
    ({ what, dimensions }) =>
      what === 'pass' || (what === 'opened' && dimensions.class !== 'voice'),
  ).length

/** In a queue's slice an agent's time counts in full in each of its queues. */
function agentTime(
  world: World,
  slice: Slice,
  name: string,
  startMs: number,
  endMs: number,
): number {
  let total = 0
  for (const [agent, stretches] of world.agents) {
    for (const stretch of stretches) {
      const overlapMs = Math.min(stretch.endMs, endMs) - Math.max(stretch.startMs, startMs)
      if (overlapMs <= 0 || stretch.class !== name) continue
      if (isIn(slice, { dimensions: { agent, queue: stretch.queues }, scope: 'both' }, world))
        total += overlapMs
    }
  }
  return total
}

/** KPIs of the moment. */
export function momentValues(
  world: World,
  slice: Slice,
  clock: Clock | 'class' = usualClock(world, slice),
): Map<string, Expected> {
  const { asOfMs } = world
  const here = <One extends { readonly dimensions: object }>(ones: readonly One[]): One[] =>
    ones.filter(({ dimensions }) => isIn(slice, { dimensions, scope: 'both' }, world))
  const waits = here(world.waits)
  const standing = [...world.agents].flatMap(([agent, stretches]) => {
    const last = stretches.at(-1)
    return last === undefined || last.state === null
      ? []
      : [{ ...last, dimensions: { agent, queue: last.queues } }]
  })
  const agents = here(standing)
  const states = agents.map(({ state }) => state)
  const breakdown = Object.fromEntries(
    agentStates.map((state) => [state, states.filter((one) => one === state).length]),
  )
  const longestOf = (ones: typeof waits): number | null =>
    ones.length === 0 ? null : asOfMs - Math.min(...ones.map(({ sinceMs }) => sinceMs))
  const calls = waits.filter(({ dimensions }) => dimensions.class === 'voice')
  const ages = here(world.open)
    .map(({ ageMs }) => ageMs[clock])
    .sort((a, b) => a - b)
  return new Map<string, Expected>([
    ['waiting_now', { kind: 'count', value: waits.length }],
    ['longest_wait', { kind: 'count', value: longestOf(waits) }],
    ['queued_now', { kind: 'count', value: calls.length }],
    ['longest_queue_wait', { kind: 'count', value: longestOf(calls) }],
    [
      'waiting_over_target',
      { kind: 'count', value: waits.filter(({ dueAtMs }) => dueAtMs <= asOfMs).length },
    ],
    ['backlog', { kind: 'count', value: ages.length }],
    ['backlog_age', { kind: 'durations', count: ages.length, sum: sumOf(ages), values: ages }],
    [
      'agents_by_state',
      states.length === 0
        ? { kind: 'count', value: null }
        : { kind: 'count', value: states.length, breakdown },
    ],
    [
      'agents_available',
      {
        kind: 'count',
        value: states.length === 0 ? null : agents.filter(({ isFree }) => isFree).length,
      },
    ],
  ])
}
