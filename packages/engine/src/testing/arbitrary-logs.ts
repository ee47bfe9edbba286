import { configEntry, encodeConfigEntry, entryKinds } from '@deskpulse/contract'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import fc from 'fast-check'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { LogRecord, Offset } from '@deskpulse/stream'
import { recordOf, recordOfEntries } from './fold-log.ts'

export const startMs = Date.UTC(2026, 2, 2, 8, 0, 0) as EpochMs
export const hour = 3_600_000

const contactIds = ['c-1', 'c-2', 'c-3']
const agentIds = ['a-1', 'a-2']
const queues = ['billing', 'tech']

export const one = <Value>(...values: readonly Value[]): fc.Arbitrary<Value> =>
  fc.constantFrom(...values)
const contact = (data: fc.Arbitrary<EventData>): fc.Arbitrary<EventData> =>
  fc.tuple(one(...contactIds), data).map(([contactId, rest]) => ({ contactId, ...rest }))

/** Within the days of the events, around them, and ahead. */
const namedPeriod = one(
  undefined,
  { start: '2026-03-02', end: '2026-03-02' },
  { start: '2026-03-03', end: '2026-03-03' },
  { start: '2026-03-02', end: '2026-03-08' },
  { start: '2026-03-01', end: '2026-03-31' },
  { start: '2026-03-04', end: '2026-03-04' },
)

const anyMoney = one(
  ...([
    { amountMinor: 12_900, currency: 'CNY' },
    { amountMinor: 500, currency: 'CNY' },
    { amountMinor: 700, currency: 'JPY' },
  ] as const),
)
const anyOrder = fc.record({
  ...{ orderId: one('x', 'y'), customerId: one('u-1', 'u-2'), money: anyMoney },
  ...{ agentId: one(undefined, ...agentIds), shop: one(undefined, 's-1') },
})

const arbitraryData: Readonly<Partial<Record<EventType, fc.Arbitrary<EventData>>>> = {
  'contact.opened': contact(
    fc.record({
      channel: one('chat', 'voice', 'ticket'),
      queue: one(undefined, ...queues),
      handledBy: one(undefined, 'human', 'bot'),
      openedBy: one(undefined, 'customer', 'agent'),
      customerId: one(undefined, 'u-1', 'u-2'),
      topic: one(undefined, 'refund'),
      offline: one(undefined, undefined, undefined, true),
      inAuthority: one(undefined, undefined, false),
    }),
  ),
  'contact.updated': contact(
    fc.record({ topic: one('refund', 'other'), customerId: one(undefined, 'u-1') }),
  ),
  'contact.queued': contact(fc.record({ queue: one(...queues) })),
  'contact.presented': contact(fc.record({ agentId: one(...agentIds) })),
  'contact.declined': contact(
    fc.record({ agentId: one(...agentIds), reason: one('timeout', 'rejected', 'withdrawn') }),
  ),
  'contact.assigned': contact(fc.record({ agentId: one(...agentIds) })),
  'message.sent': contact(
    fc.record({
      from: one('customer', 'agent', 'bot', 'customer'),
      agentId: one(undefined, ...agentIds),
      visibility: one(undefined, 'private'),
      messageId: one(undefined, undefined, undefined, 'm-1'),
    }),
  ),
  'contact.handed_off': contact(
    fc.record({ to: one(undefined, undefined, 'bot'), reason: one(undefined, 'limit', 'mood') }),
  ),
  'contact.work_started': contact(fc.record({ agentId: one(...agentIds) })),
  'contact.work_ended': contact(fc.record({ agentId: one(...agentIds) })),
  'contact.released': contact(fc.record({ agentId: one(...agentIds) })),
  'contact.held': contact(fc.constant({})),
  'contact.retrieved': contact(fc.constant({})),
  'contact.wrapped_up': contact(
    fc.record({ agentId: one(...agentIds), wrapUpMs: one(undefined, 9_000) }),
  ),
  'contact.transferred': contact(fc.record({ mode: one(undefined, 'consult') })),
  'contact.escalated': contact(fc.record({ kind: one(undefined, 'conflict', 'technical') })),
  'contact.pended': contact(fc.constant({})),
  'contact.resumed': contact(fc.constant({})),
  'contact.ended': contact(fc.record({ by: one(undefined, 'customer', 'agent') })),
  'contact.resolved': contact(fc.record({ agentId: one(undefined, ...agentIds) })),
  'contact.reopened': contact(fc.constant({})),
  'contact.closed': contact(fc.constant({})),
  'contact.discarded': contact(fc.constant({})),
  'contact.restored': contact(fc.constant({})),
  'agent.state_changed': fc.record({
    agentId: one(...agentIds),
    state: one('available', 'on_contact', 'break', 'offline'),
    channel: one(undefined, undefined, 'chat', 'voice'),
  }),
  'agent.queue_joined': fc.record({ agentId: one(...agentIds), queue: one(...queues) }),
  'agent.queue_left': fc.record({ agentId: one(...agentIds), queue: one(...queues) }),
  'agent.heartbeat': fc.record({ agentId: one(...agentIds) }),
  'agent.scheduled': fc
    .tuple(
      one(
        ['2026-03-02T17:10:00.000Z', '2026-03-03T01:00:00.000Z'] as const,
        ['2026-03-02T22:00:00.000Z', '2026-03-03T06:00:30.000Z'] as const,
        ['2026-03-04T09:00:00.000Z', '2026-03-04T17:00:00.000Z'] as const,
        ['2026-03-01T09:00:00.000Z', '2026-03-02T01:00:00.000Z'] as const,
      ),
      fc.record({ agentId: one(...agentIds), shiftId: one('s-1', 's-2') }),
      one(undefined, 'break', 'meeting'),
    )
    .map(([[start, end], named, state]) => ({
      ...{ ...named, start, end },
      activities:
        state === undefined
          ? undefined
          : [{ state, start: '2026-03-02T22:30:00.000Z', end: '2026-03-02T23:50:00.000Z' }],
    })),
  'agent.attendance': fc.record({
    ...{ agentId: one(...agentIds), date: one('2026-03-01', '2026-03-02', '2026-03-03') },
    ...{ scheduled: one(true, false), attended: fc.boolean(), violations: one(undefined, 2) },
  }),
  'survey.sent': fc.record({
    ...{ contactId: one(undefined, 'c-1', 'c-2'), surveyId: one(undefined, 'x') },
    ...{ kind: one('csat', 'nps'), agentId: one(undefined, ...agentIds) },
  }),
  'survey.answered': fc.record({
    ...{ contactId: one(undefined, 'c-1', 'c-2'), surveyId: one(undefined, 'x') },
    ...{ kind: one('csat', 'nps'), agentId: one(undefined, ...agentIds) },
    ...{ score: one(1, 3, 5), scaleMin: one(1), scaleMax: one(5) },
  }),
  'complaint.filed': fc.record({
    ...{ complaintId: one('x', 'y'), contactId: one(undefined, 'c-1', 'c-2') },
    agentId: one(undefined, ...agentIds),
  }),
  'complaint.settled': fc.record({
    ...{ complaintId: one('x', 'y'), contactId: one(undefined, 'c-1', 'c-2') },
    justified: one(undefined, true, false),
  }),
  'review.posted': fc.record({
    ...{ reviewId: one('x', 'y'), contactId: one(undefined, 'c-1', 'c-3') },
    agentId: one(undefined, ...agentIds),
    rating: one('good', 'bad'),
  }),
  'followup.planned': fc.record({
    ...{ followupId: one('x', 'y'), customerId: one('u-1'), agentId: one(undefined, ...agentIds) },
    dueAt: one(undefined, '2026-03-02T19:00:00Z', '2026-03-03T00:00:00Z', '2026-03-04T10:00:00Z'),
  }),
  'followup.done': fc.record({ followupId: one('x', 'y'), customerId: one('u-1') }),
  'incident.opened': fc.record({ incidentId: one('x', 'y'), queue: one(undefined, ...queues) }),
  'incident.restored': fc.record({ incidentId: one('x', 'y') }),
  'offer.made': fc.record({
    ...{ offerId: one('x', 'y'), customerId: one('u-1') },
    ...{ agentId: one(undefined, ...agentIds), queue: one(undefined, ...queues) },
  }),
  'offer.accepted': fc.record({ offerId: one('x', 'y'), customerId: one('u-1') }),
  'refund.requested': fc.record({
    ...{ refundId: one('x', 'y'), agentId: one(undefined, ...agentIds) },
    orderId: one(undefined, 'x', 'y'),
    dueAt: one(undefined, '2026-03-02T19:00:00Z', '2026-03-03T00:00:00Z'),
  }),
  'refund.handled': fc.record({
    ...{ refundId: one('x', 'y'), agentId: one(undefined, ...agentIds) },
    ...{ orderId: one(undefined, 'x'), money: one(undefined, { amountMinor: 7, currency: 'CNY' }) },
    correct: one(undefined, true, false),
  }),
  'order.placed': anyOrder,
  'order.paid': anyOrder,
  'order.returned': fc.record({
    orderId: one('x', 'y'),
    money: one(undefined, { amountMinor: 300, currency: 'CNY' }),
    cause: one(undefined, 'service'),
  }),
  'customer.started': fc.record({ customerId: one('u-1', 'u-2') }),
  'customer.left': fc.record({
    customerId: one('u-1', 'u-2'),
    goesOn: one(undefined, undefined, true),
  }),
  'cost.recorded': fc.record({
    ...{ costId: one('x', 'y'), money: anyMoney, queue: one(undefined, ...queues) },
    ...{ agentId: one(undefined, ...agentIds), period: namedPeriod.filter((one) => !!one) },
  }),
  'quality.reviewed': fc.record({
    ...{ reviewId: one('x', 'y'), agentId: one(...agentIds), kind: one('call', 'accuracy') },
    ...{ score: one(0, 60, 87.5), criticalErrors: one(undefined, 1), period: namedPeriod },
    calibration: one(undefined, undefined, true),
  }),
  'violation.recorded': fc.record({
    ...{ violationId: one('x', 'y'), agentId: one(...agentIds), kind: one('banned_phrase') },
    count: one(undefined, 3),
  }),
  'agent.assessed': fc.record({
    ...{ assessmentId: one('x', 'y'), agentId: one(...agentIds), score: one(0, 60, 87.5) },
    ...{ kind: one('attitude', 'knowledge_test', 'training'), rater: one('self', 'system') },
    period: namedPeriod.filter((period) => period !== undefined),
  }),
  'appeal.filed': fc.record({
    ...{ appealId: one('x', 'y'), agentId: one(...agentIds), reason: one('not mine') },
    ...{ contactIds: one(['c-1', 'c-2'], ['c-2', 'c-3']), kpis: one(undefined, ['csat']) },
    scores: one(
      undefined,
      (['complaint', 'review', 'quality-review'] as const).map((kind) => ({ kind, id: 'x' })),
    ),
    period: one(
      { start: '2026-03-01', end: '2026-03-31' },
      { start: '2026-03-02', end: '2026-03-02' },
    ),
  }),
  'appeal.decided': fc.record({
    ...{ appealId: one('x', 'y'), decision: one('granted', 'granted', 'refused') },
    ...{ decidedBy: one('lead'), contactIds: one(undefined, undefined, ['c-2']) },
  }),
  'employee.surveyed': fc.record({
    ...{ surveyId: one('x', 'y'), score: one(1, 4) },
    ...{ scaleMin: fc.constant(1), scaleMax: fc.constant(5) },
  }),
  'workload.forecast': fc
    .tuple(
      one(
        ['2026-03-02T18:00:00.000Z', '2026-03-02T18:30:00.000Z'] as const,
        ['2026-03-02T23:50:30.000Z', '2026-03-03T00:20:00.000Z'] as const,
        ['2026-03-03T02:00:00.000Z', '2026-03-05T02:00:00.000Z'] as const,
        ['2026-03-06T02:00:00.000Z', '2026-03-06T02:15:00.000Z'] as const,
      ),
      fc.record({
        queue: one(...queues),
        offered: one(0, 10, 33.3),
        averageHandleMs: one(undefined, 180_000),
        agents: one(undefined, 3),
      }),
    )
    .map(([[start, end], numbers]) => ({ ...numbers, start, end })),
}

const arbitraryEvent: fc.Arbitrary<Omit<CanonicalEvent, 'id'>> = fc
  .tuple(
    one(...(Object.keys(arbitraryData) as EventType[])),
    fc.integer({ min: 0, max: 10 * 3_600 }),
  )
  .chain(([type, second]) =>
    arbitraryData[type]!.map((data) => ({
      type,
      source: '/test',
      sequence: '0',
      tenant: 'acme',
      // Some of them around midnight, so that days hand over.
      timeMs: (startMs + 9 * hour + second * 1_000) as EpochMs,
      data: JSON.parse(JSON.stringify(data)) as EventData,
    })),
  )

export const arbitraryEvents = fc
  .array(arbitraryEvent, { minLength: 1, maxLength: 40 })
  .map((events) => events.map((event, index): CanonicalEvent => ({ ...event, id: `e-${index}` })))

/** Log time runs from the day of the events to `lastMs`, where the last record stands whatever came before. */
export function logOf(
  events: readonly CanonicalEvent[],
  perRecord: readonly number[],
  stepMs: number,
  lastMs: number,
): LogRecord[] {
  const records = []
  let rest = events
  for (let index = 0; rest.length > 0; index += 1) {
    const count = perRecord[index % perRecord.length]!
    records.push(
      recordOf(index, (startMs + 20 * hour + index * stepMs) as EpochMs, rest.slice(0, count)),
    )
    rest = rest.slice(count)
  }
  records.push(recordOf(records.length, (startMs + lastMs) as EpochMs, []))
  return records
}

/** Each event is appended `delayMs` after it happened, with heartbeats in between: timers run before, between and after the events. */
export function liveLogOf(
  events: readonly CanonicalEvent[],
  delaysMs: readonly number[],
  heartbeatMs: number,
  lastMs: number,
): LogRecord[] {
  const arrivals = events
    .map((event, index) => ({ event, atMs: event.timeMs + delaysMs[index % delaysMs.length]! }))
    .sort((a, b) => a.atMs - b.atMs)
  const beats = Array.from(
    { length: Math.floor((lastMs - 9 * hour) / heartbeatMs) },
    (_, index) => startMs + 9 * hour + index * heartbeatMs,
  )
  const steps = [
    ...arrivals.map(({ event, atMs }) => ({ atMs, events: [event] })),
    ...beats.map((atMs) => ({ atMs, events: [] })),
  ]
  steps.sort((a, b) => a.atMs - b.atMs)
  const records = steps.map((step, index) => recordOf(index, step.atMs as EpochMs, step.events))
  return [...records, recordOf(records.length, (startMs + lastMs) as EpochMs, [])]
}

/** A configuration that is told at an instant. */
export type Configured = { readonly atMs: number; readonly config: TenantConfig }

/** The tenant's configurations one after another, each over the one before, among the records of a log. */
export function withConfigs(
  log: readonly LogRecord[],
  configs: readonly Configured[],
): LogRecord[] {
  let predecessor: string | null = null
  const told = configs
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, config }) => {
      const entry = configEntry(config, predecessor)
      predecessor = entry.id
      const bytes = encodeConfigEntry(entry)
      return recordOfEntries(0, atMs as EpochMs, [
        { tenant: 'acme', kind: entryKinds.config, bytes },
      ])
    })
  return [...told, ...log]
    .toSorted((a, b) => a.appendedAtMs - b.appendedAtMs)
    .map((record, offset) => ({ ...record, offset: offset as Offset }))
}

const arbitraryConfig: fc.Arbitrary<TenantConfig> = fc
  .record({
    timeZone: one('UTC', 'UTC', 'Asia/Shanghai', 'Asia/Kathmandu'),
    fcrWindowMs: one(2 * hour, 72 * hour),
    sliceValuesMax: one(19_998, 19_999, 20_000),
    closing: one({ graceMs: 60_000 }, { graceMs: 600_000 }),
  })
  .map((some) => ({ ...defaultTenantConfig, ...some }))

/** Told before anything, and again while events come. */
export const arbitraryConfigs: fc.Arbitrary<Configured[]> = fc
  .tuple(
    arbitraryConfig,
    fc.array(fc.tuple(fc.integer({ min: 0, max: 12 * 3_600 }), arbitraryConfig), { maxLength: 3 }),
  )
  .map(([first, later]) => [
    { atMs: startMs, config: first },
    ...later.map(([second, config]) => ({ atMs: startMs + 9 * hour + second * 1_000, config })),
  ])
