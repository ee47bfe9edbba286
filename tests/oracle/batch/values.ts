import type { Clock, Dimension } from '@deskpulse/core/config'
import type { Booking } from '@deskpulse/core/kpis'
import { type ReadSlice, teamOf } from '@deskpulse/core/measures'
import type { EpochMs, Interval } from '@deskpulse/core/time'
import { botValues } from './bots.ts'
import type { Stretch } from './agent-time.ts'
import { agentDaysIn } from './effective-time.ts'
import { manualValues, points } from './manual-values.ts'
import { isIn, isNamedIn, observedAs, observedIn } from './observation.ts'
import { costValue, perPayer, saleValues } from './orders.ts'
import { retentionValues } from './retention.ts'
import { agentsIn, dateAt, daysOf, localDayAt } from './rosters.ts'
import { shiftTime } from './shift-values.ts'
import type { ShiftTime } from './shifts.ts'
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
      readonly basis?: 'contracts' | 'payers'
      readonly breakdown?: Readonly<Record<string, number>>
    }
  /** `sum ÷ lengthMs`, or a reason. */
  | {
      readonly kind: 'level'
      readonly sum: number
      readonly lengthMs: number
      readonly isKnown: boolean
    }
  | { readonly kind: 'highest'; readonly values: readonly number[] }
  /** Of scores in millionths of a point. */
  | {
      readonly kind: 'points'
      readonly count: number
      readonly sum: number
      readonly value: number | null
      readonly breakdown?: Readonly<Record<string, number>>
    }
  /** Minor units by currency, ÷ `per`; `exact`: under which name those of one currency stand beside the value. */
  | {
      readonly kind: 'money'
      readonly amounts: Readonly<Record<string, number>>
      readonly exact: 'sum' | 'numerator'
      readonly per: number
    }
  /** An average of those that are not whole. */
  | { readonly kind: 'index'; readonly values: readonly number[] }
  | {
      readonly kind: 'count'
      readonly value: number | null
      readonly breakdown?: Readonly<Record<string, number>>
    }

/** The clock of the slice's class, where nobody asked for one; `class`: each contact on that of its own. */
export function usualClock({ config }: Pick<World, 'config'>, slice: ReadSlice): Clock | 'class' {
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

export const sumOf = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0)

/** KPIs of a window or period: what happened in `[start, end)`, up to log time. `isPeriod`: it is one in which customers are counted, each once. `by`: where passes count. `rosterMs`: the rosters of that day count; `null`: each those of its own. */
export function windowValues(
  world: World,
  slice: ReadSlice,
  { startMs, endMs }: Interval,
  isPeriod: boolean,
  clock: Clock | 'class' = usualClock(world, slice),
  by: Booking = 'event',
  rosterMs: number | null = null,
): Map<string, Expected> {
  const pass = (what: string): string => (by === 'entry' ? `pass-${what}@entry` : `pass-${what}`)
  const on = (what: string): string => (clock === 'class' ? what : `${what}@${clock}`)
  const { config, asOfMs } = world
  // A day that is not over contains what is of that day.
  const overMs = rosterMs === null ? endMs : localDayAt(asOfMs, config).endMs
  const found = observedIn(world, slice, rosterMs).filter(
    (one) =>
      one.atMs >= startMs &&
      one.atMs < endMs &&
      one.atMs <= asOfMs &&
      isNamedIn(one, isPeriod ? overMs : null),
  )
  const byName = Map.groupBy(found, ({ what }) => what)
  const ascending = new Map<string, readonly number[]>() // Several KPIs ask for the same.
  const of = (what: string): readonly number[] =>
    ascending.getOrInsertComputed(what, () =>
      (byName.get(what) ?? []).map(({ value }) => value).sort((a, b) => a - b),
    )
  const money = (what: string): Record<string, number> =>
    Object.fromEntries(
      [...byName.keys()]
        .filter((name) => name.startsWith(`${what} in `))
        .sort()
        .map((name) => [name.slice(-3), sumOf(of(name))]),
    )
  const customersOf = (wanted: string): number =>
    new Set((byName.get(wanted) ?? []).flatMap(({ customer }) => customer ?? [])).size
  const [dueCustomers, lateCustomers] = [customersOf('due'), customersOf('missed')]
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
  const index = (part: string, whole: string): Expected => ({
    kind: 'ratio',
    numerator: sumOf(of(part)),
    denominator: of(whole).length,
  })
  const signedIn = (times: (stretch: Stretch) => number): number =>
    agentTime(world, slice, times, [startMs, Math.min(endMs, asOfMs)], rosterMs)
  const [handling, available, notReady] = (['handling', 'available', 'not-ready'] as const).map(
    (name) => signedIn((stretch) => Number(stretch.class === name)),
  ) as [number, number, number]
  const inShifts = (isSo: (time: ShiftTime) => boolean): number =>
    shiftTime(world, slice, isSo, [startMs, endMs], rosterMs)
  const parts = slice.map(({ dimension }) => (dimension === 'team' ? 'agent' : dimension))
  const only = (named: Dimension | readonly Dimension[], expected: Expected): Expected =>
    parts.every((part) => [named].flat().includes(part)) ? expected : { kind: 'count', value: null } // Its events name no other.
  const ofNoAgent = (expected: Expected): Expected =>
    parts.includes('agent') ? { kind: 'count', value: null } : expected
  const levels = (name: string, due: string): [string, Expected][] => [
    [`${name}_of_offered`, ofNoAgent(ratio(pass(`${due}-within`), pass(due)))],
    [
      `${name}_of_answered_abandoned`,
      ofNoAgent(ratio(pass(`${due}-within`), pass('answered'), pass('abandoned-long'))),
    ],
    [`${name}_of_answered`, ratio(pass(`${due}-within`), pass('answered'))],
  ]
  return new Map<string, Expected>([
    ['contacts_offered', ofNoAgent(count('pass'))],
    ...levels('service_level', 'due'),
    ...config.thresholdsSeconds.flatMap((s) => levels(`service_level_${s}s`, `due-${s}s`)),
    ['speed_of_answer', durations(pass('answered'))],
    ['queue_wait', ofNoAgent(durations(pass('end')))],
    ['queue_wait_max', ofNoAgent({ kind: 'highest', values: of(pass('end')) })],
    ['abandon_time', ofNoAgent(durations(pass('abandoned')))],
    [
      'abandon_rate',
      ofNoAgent(
        ratio(pass('abandoned-long'), pass('answered'), pass('abandoned-long'), pass('left')),
      ),
    ],
    ['short_abandons', ofNoAgent(count(pass('abandoned-short')))],
    ['left_queue', ofNoAgent(count(pass('left')))],
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
    ['first_response_queue_part', durations(on('first-reply-queue'))],
    ['first_response_agent_part', durations(on('first-reply-agent'))],
    ['response_time_capped', durations(on('capped'))],
    ['sessions_within_mean_rate', ratio('session-within', 'session')],
    ...distinctOf(world, slice, { startMs, endMs }, [
      [
        'customers_without_miss_rate',
        isPeriod
          ? { kind: 'ratio', numerator: dueCustomers - lateCustomers, denominator: dueCustomers }
          : { kind: 'count', value: null },
      ],
      ['late_replied_customers', { kind: 'count', value: isPeriod ? lateCustomers : null }],
      [
        'paying_customers',
        only(['agent', 'shop'], { kind: 'count', value: isPeriod ? customersOf('payer') : null }),
      ],
      ...retentionValues(world, slice, { startMs, endMs: overMs as EpochMs }).map(
        ([id, expected]): [string, Expected] => [
          id,
          only(['agent', 'shop'], isPeriod ? expected : { kind: 'count', value: null }),
        ],
      ),
      ...(
        [
          ['conversion_served', 'converted', 'advised'],
          ['conversion_inquiry', 'bought', 'inquired'],
        ] as const
      ).map(([id, some, all]): [string, Expected] => [
        id,
        isPeriod
          ? { kind: 'ratio', numerator: customersOf(some), denominator: customersOf(all) }
          : { kind: 'count', value: null },
      ]),
      ['customers_served', { kind: 'count', value: isPeriod ? customersOf('answered') : null }],
    ]),
    ['reply_rate', ofNoAgent(ratio('first-kept', 'first-owed'))],
    ['contacts_opened', count('opened')],
    ['left_messages', count('left-message')],
    ['left_message_rate', ratio('left-message', 'opened', 'left-message')],
    ['contacts_answered', count('answered')],
    ['contacts_handled', count('handled')],
    ['transfer_rate', ratio('handled-transferred', 'handled')],
    ['escalation_rate', ratio('handled-escalated', 'handled')],
    ['handle_time', durations('handle')],
    ['talk_time', durations('talk')],
    ['hold_time', durations('hold')],
    ['wrap_up_time', durations('wrap-up')],
    ['hold_rate', ratio('part-held', 'talk')],
    ['holds_per_contact', index('holds', 'talk')],
    ['hold_abandons', count('hold-abandons')],
    ['agent_ended_first_rate', ratio('hang-up-by-agent', 'hang-up')],
    ['messages_per_contact', index('messages-over', 'answered-over')],
    ['answer_question_ratio', index('human-message', 'customer-message')],
    ['customer_response_time', durations('customer-response')],
    ['conversation_close_time', durations('close')],
    ['silent_contacts', count('silent')],
    ['silent_contact_rate', ratio('silent', 'opened-over')],
    ['contacts_resolved', count('resolved')],
    ['lost_waits', count('lost')],
    ['resolution_events', count('resolution')],
    ['reopen_events', count('reopened')],
    ['fcr_mature', ratio('fcr-mature-solved', 'fcr-mature-due')],
    ['reopen_rate', ratio('resolved-reopened', 'resolved')],
    ['time_to_start', durations(on('start-time'))],
    ['resolution_time_from_request', durations(on('resolution-time'))],
    ['resolution_time_from_request_active', durations(on('resolution-time-active'))],
    ['resolution_time_from_start', durations(on('resolution-from-start'))],
    ['resolution_time_from_start_active', durations(on('resolution-from-start-active'))],
    ['resolution_time_to_last', durations(on('resolution-to-last'))],
    ['resolution_time_to_last_active', durations(on('resolution-to-last-active'))],
    [
      'fcr_net',
      {
        ...ratio('fcr-net-solved', 'fcr-net-due'),
        identified: of('fcr-net-identified').length,
      } as Expected,
    ],
    ['first_level_resolution', ratio('resolved-first-level', 'resolved-in-authority')],
    ['followed_up_resolution_rate', ratio('part-resolved-later', 'part-unresolved')],
    ['resolution_rate', ofNoAgent(ratio('opened-resolved', 'opened'))],
    ['repeat_contact_rate', ofNoAgent(ratio('opened-repeat', 'opened'))],
    ['manager_reaction_time', durations('reaction')],
    ['manager_reaction_time_conflict', durations('reaction-conflict')],
    ['manager_reaction_time_technical', durations('reaction-technical')],
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
    ['ring_no_answer', count('offer-missed')],
    ['agent_answer_rate', ratio('offer-accepted', 'offer-accepted', 'offer-missed')],
    [
      'stations',
      {
        kind: 'ratio',
        numerator: sumOf(of('stations')),
        denominator: of('contact-end').length,
      },
    ],
    ['total_queue_wait', durations('total-queue-wait')],
    [
      'nonproductive_share',
      { kind: 'ratio', numerator: notReady, denominator: handling + available + notReady },
    ],
    [
      'concurrency',
      {
        kind: 'ratio',
        numerator: signedIn(({ capacity, contacts }) => (capacity === null ? 0 : contacts)),
        denominator: signedIn(({ capacity }) => capacity ?? 0),
      },
    ],
    [
      'average_concurrency',
      { kind: 'ratio', numerator: signedIn(({ contacts }) => contacts), denominator: handling },
    ],
    ['handle_time_effective', durations('effective')],
    [
      'effective_staffing',
      {
        kind: 'level',
        sum: staffedTime(world, slice, [startMs, endMs], rosterMs),
        lengthMs: Math.min(endMs, Math.floor(asOfMs / quarterMs) * quarterMs) - startMs,
        isKnown: handling + available + notReady > 0,
      },
    ],
    [
      'resolved_per_agent_day',
      {
        kind: 'ratio',
        numerator: sumOf(of('resolved')),
        denominator: agentDays(world, slice, rosterMs).filter(
          (atMs) => atMs >= startMs && atMs < endMs,
        ).length,
      },
    ],
    [
      'adherence',
      only('agent', {
        kind: 'ratio',
        numerator: inShifts(({ scheduled, actual }) => scheduled === actual),
        denominator: inShifts(({ scheduled }) => scheduled !== null),
      }),
    ],
    [
      'conformance',
      only('agent', {
        kind: 'ratio',
        numerator: inShifts(({ actual }) => actual === 'productive'),
        denominator: inShifts(({ scheduled }) => scheduled === 'productive'),
      }),
    ],
    ['attendance_rate', only('agent', ratio('attendance-kept', 'attendance-due'))],
    ['attendance_violations', only('agent', count('violation'))],
    ['csat', ratio('csat-satisfied', 'csat-rated')],
    ...['human', 'bot', 'assisted'].map((subject): [string, Expected] => [
      `csat_${subject}`,
      ratio(`csat-${subject}-satisfied`, `csat-${subject}-rated`),
    ]),
    ['csat_score', points(of('csat-score'))],
    ['nps', index('nps-balance', 'nps-rated')],
    ['ces', points(of('ces-score'))],
    ['service_quality_score', points(of('quality-score'))],
    ['survey_invite_rate', ratio('handled-invited', 'handled')],
    ['survey_response_rate', ratio('survey-returned', 'survey-sent')],
    ['complaint_count', count('complaint')],
    ['complaint_rate', ratio('complaint', 'handled')],
    ['justified_complaints', count('justified')],
    ['complaint_handle_time', durations('complaint-time')],
    ['bad_reviews', count('bad-review')],
    ['bad_review_rate', ratio('bad-review', 'review')],
    ['follow_up_rate', only('agent', ratio('follow-up-done', 'follow-up-due'))],
    ...manualValues(of, config, slice, (expected) => only('agent', expected)),
    ['time_to_restore', only('queue', durations('restored'))],
    ['service_uptake_rate', only(['agent', 'queue'], ratio('service-taken', 'service-offered'))],
    ['refund_handling_rate', only('agent', ratio('refund-kept', 'refund'))],
    ['refund_handling_time', only('agent', durations('refund-time'))],
    ...saleValues(ratio, money).map(([id, expected]): [string, Expected] => [
      id,
      only(['agent', 'shop'], expected),
    ]),
    ...distinctOf(world, slice, { startMs, endMs }, [
      [
        'average_order_value',
        only(
          ['agent', 'shop'],
          isPeriod ? perPayer(money, customersOf('payer')) : { kind: 'count', value: null },
        ),
      ],
    ]),
    ['cost_per_contact', only(['queue', 'agent'], costValue(money, of('handled').length))],
    ...botValues(of, ofNoAgent),
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

/** What is distinct in one slice alone: not in a team. Whether an alias has a slice of its own is not known here: nothing is said of a person with one. */
export function distinctOf(
  { config, rosters }: World,
  slice: ReadSlice,
  { startMs, endMs }: Interval,
  values: readonly [string, Expected][],
): [string, Expected][] {
  if (teamOf(slice) !== null) return values.map(([id]) => [id, { kind: 'count', value: null }])
  if (slice.every(({ dimension }) => dimension !== 'agent')) return [...values]
  const dates = [...datesIn(startMs, endMs, config)]
  const isPerson = dates.some((date) => (agentsIn(slice, date, rosters)?.size ?? 0) > 1)
  return isPerson ? [] : [...values]
}

function* datesIn(startMs: number, endMs: number, config: World['config']): Generator<string> {
  const last = dateAt(endMs - 1, config)
  let date = Temporal.PlainDate.from(dateAt(startMs, config))
  for (; date.toString() <= last; date = date.add({ days: 1 })) yield date.toString()
}

/** Signed-in time, each stretch so many times. In a queue's slice an agent's time counts in full in each of its queues. */
function agentTime(
  world: World,
  slice: ReadSlice,
  times: (stretch: Stretch) => number,
  [startMs, endMs]: readonly [number, number],
  rosterMs: number | null,
): number {
  let total = 0
  for (const [agent, stretches] of world.agents) {
    for (const stretch of stretches) {
      if (stretch.class === null) continue
      const [from, to] = [Math.max(stretch.startMs, startMs), Math.min(stretch.endMs, endMs)]
      if (from >= to) continue
      for (const piece of daysOf(from, to, world.config)) {
        const credit = { dimensions: { agent, queue: stretch.queues }, scope: 'both' } as const
        if (isIn(slice, credit, world, rosterMs ?? piece.startMs))
          total += (piece.endMs - piece.startMs) * times(stretch)
      }
    }
  }
  return total
}

const quarterMs = 900_000

/** Staffed time that went to the slice, spread evenly over its quarter-hours. */
function staffedTime(
  world: World,
  slice: ReadSlice,
  [startMs, endMs]: readonly [number, number],
  rosterMs: number | null,
): number {
  return sumOf(
    world.staffed
      .filter(({ agent, queue, startMs: fromMs }) =>
        isIn(slice, { dimensions: { agent, queue }, scope: 'both' }, world, rosterMs ?? fromMs),
      )
      .map(({ startMs: fromMs, ms }) => {
        const before = (atMs: number): number =>
          Math.floor((ms * Math.max(0, Math.min(quarterMs, atMs - fromMs))) / quarterMs)
        return before(endMs) - before(startMs)
      }),
  )
}

function agentDays(world: World, slice: ReadSlice, rosterMs: number | null): number[] {
  if (world.isLeftOut) return []
  const handled = observedAs('handled', world.observations).filter(
    ({ scope, dimensions, atMs }) =>
      scope === 'agent' &&
      dimensions.agent !== 'none' &&
      atMs <= world.asOfMs &&
      isIn(slice, { dimensions, scope: 'both' }, world, rosterMs ?? atMs),
  )
  return agentDaysIn(handled, world.config.timeZone)
}
