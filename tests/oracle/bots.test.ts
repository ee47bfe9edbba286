import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { contribute, families } from '@deskpulse/core/kpis'
import { Contact, type Row } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { botObservations } from './batch/bots.ts'
import { courseOf } from './batch/course.ts'

const startMs = Date.UTC(2026, 2, 2, 8)
const runs = Math.max(1_000, Number(process.env['ORACLE_RUNS'] ?? 0))

const one = <Value>(...values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values)

type Draft = { readonly type: EventType; readonly data: EventData }

/** What bots do, and what ends or takes it; the usual more often than the rest. */
const draft: fc.Arbitrary<Draft> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        from: one('bot', 'bot', 'customer', 'agent'),
        visibility: one(undefined, undefined, undefined, 'private' as const),
        automatic: one(undefined, undefined, undefined, true as const),
        agentId: one(undefined, 'a-1'),
      })
      .map((data) => ({ type: 'message.sent' as const, data })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        to: one(undefined, 'bot' as const),
        reason: one(undefined, 'limit', 'requested', 'unable', 'policy', 'mood'),
      })
      .map((data) => ({ type: 'contact.handed_off' as const, data })),
  },
  {
    weight: 3,
    arbitrary: one<Draft>(
      { type: 'contact.resolved', data: {} },
      { type: 'contact.resolved', data: {} },
      { type: 'contact.ended', data: {} },
      { type: 'contact.ended', data: { by: 'agent' } },
      { type: 'contact.abandoned', data: {} },
      { type: 'contact.closed', data: {} },
    ),
  },
  {
    weight: 2,
    arbitrary: one<Draft>(
      { type: 'contact.reopened', data: {} },
      { type: 'contact.reopened', data: { by: 'agent' } },
      { type: 'contact.queued', data: { queue: 'sales' } },
      { type: 'contact.dequeued', data: { reason: 'timeout' } },
      { type: 'contact.assigned', data: { agentId: 'a-1' } },
      { type: 'contact.released', data: { agentId: 'a-1' } },
      { type: 'contact.updated', data: { topic: 'refund' } },
      { type: 'contact.discarded', data: {} },
      { type: 'contact.restored', data: {} },
    ),
  },
)
const opening = fc
  .record({
    channel: one('chat', 'chat', 'voice', 'ticket'),
    handledBy: one<EventData['handledBy']>('bot', 'bot', undefined, 'human'),
    queue: one(undefined, undefined, 'sales'),
    direction: one<EventData['direction']>(undefined, undefined, undefined, 'outbound'),
  })
  .map((data): Draft => ({ type: 'contact.opened', data }))

/** Instants at which a window ends, and around. */
const steps = one(0, 1_000, 1_000, 60_000, 601_000, dayMs, 6 * dayMs, 7 * dayMs, 7 * dayMs + 1)

/**
 * Nobody said who has the contact, it was resolved without a word, and then abandoned: as a human's it goes on, as a bot's it is over. The fold takes it for
 * a human's until the first message of a bot, and does not end it afterwards.
 */
function isTakenForAnswered(events: readonly CanonicalEvent[]): boolean {
  return (
    events[0]!.data.handledBy === undefined &&
    events.some(({ type }) => type === 'contact.abandoned') &&
    events.some(({ type }) => type === 'contact.resolved' || type === 'contact.closed')
  )
}

/** A contact that bots have to do with, over weeks, told in any order. */
const anyContact = fc
  .tuple(
    opening,
    fc.array(fc.tuple(steps, draft), { minLength: 1, maxLength: 14 }),
    fc.nat(9).map((place) => (place < 8 ? 0 : place - 7)),
  )
  .map(([first, rest, behind]) => {
    let timeMs = startMs
    const drafts = rest.map(([step, next]) => ({ ...next, timeMs: (timeMs += step) }))
    // The opening may stand behind other events.
    const openedMs = drafts[behind - 1]?.timeMs ?? startMs
    return [{ ...first, timeMs: openedMs }, ...drafts].map(
      ({ type, data, timeMs: atMs }, index): CanonicalEvent => ({
        ...{ type, id: `e-${index}`, source: '/bots', tenant: 'acme', timeMs: atMs as EpochMs },
        sequence: String(index === 0 && behind > 0 ? 1_000 : index),
        data: JSON.parse(JSON.stringify({ contactId: 'c-1', ...data })) as EventData,
      }),
    )
  })
  .filter((events) => !isTakenForAnswered(events))
  .chain((events) => fc.shuffledSubarray(events, { minLength: events.length }))
const laterMs = fc.constantFrom(0, 1, 6, 7, 8).map((days) => days * dayMs)

/** What a thousand contacts may do without by chance: a bot that wrote reaches its limit, and what one resolved is opened again. */
const rare = (
  [
    [['contact.handed_off', { reason: 'limit' }]],
    [
      ['contact.resolved', {}],
      ['contact.reopened', {}],
    ],
  ] as const
).map((ends): [CanonicalEvent[], number] => {
  const drafts: readonly (readonly [EventType, EventData])[] = [
    ['contact.opened', { channel: 'chat', handledBy: 'bot' }],
    ['message.sent', { from: 'bot' }],
    ...ends,
  ]
  const events = drafts.map(([type, data], index): CanonicalEvent => ({
    ...{ type, id: `e-${index}`, source: '/bots', tenant: 'acme', sequence: String(index) },
    ...{ timeMs: startMs as EpochMs, data: { contactId: 'c-1', ...data } },
  }))
  return [events, 0]
})

const isOfBots = ({ family }: { readonly family: number }): boolean =>
  family === families.find(({ name }) => name === 'bots')!.number

function rowsOf(
  events: readonly CanonicalEvent[],
  config: TenantConfig,
  asOfMs: EpochMs,
): readonly Row[] {
  const contact = new Contact('c-1', () => config, null, [])
  for (const event of events) contact.insert({ event, receivedMs: asOfMs, text: event.id })
  contact.settle(asOfMs)
  return contact.take(asOfMs).rows.map(({ row }) => row)
}

/** How much counts where, of all that is told of bots: by instant, queue and topic. */
function sums(counted: Iterable<readonly [what: string, value: number]>): Map<string, number> {
  const found = new Map<string, number>()
  for (const [what, value] of counted) found.set(what, (found.get(what) ?? 0) + value)
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const names: Readonly<Record<string, string>> = {
  ...{ 'bot-over': 'botContactOver', 'bot-contained': 'botContained' },
  ...{ 'bot-handed-off': 'botContactHandedOff', 'ai-contact': 'aiContact' },
  ...{ 'ai-opened': 'aiContactOpened', 'ai-episode': 'aiEpisode' },
  ...{ 'ai-autonomous': 'aiAutonomous', 'ai-assisted': 'aiAssisted', 'ai-dropped': 'aiDropped' },
  ...{ 'ai-reopened': 'aiReopened', 'ai-messages': 'aiMessages', 'ai-mature': 'aiMature' },
  ...{ 'ai-durable': 'aiDurable', 'ai-handoff-limit': 'handoffLimit' },
  ...{ 'ai-handoff-requested': 'handoffRequested', 'ai-handoff-unable': 'handoffUnable' },
  ...{ 'ai-handoff-policy': 'handoffPolicy', 'ai-handoff-other': 'handoffOther' },
  ...{ 'ai-handoff-none': 'handoffNone' },
}

test.each(['event', 'release', 'close'] as const)(
  'what bots did over weeks counts as the oracle says, in whatever order it is told (resolved by %s)',
  (by) => {
    const live = by === 'close' ? by : 'event'
    const config: TenantConfig = {
      ...defaultTenantConfig,
      resolvedBy: { voice: by, live, deferred: 'event' },
    }
    const seen = new Set<string>()
    fc.assert(
      fc.property(anyContact, laterMs, (events, ageMs) => {
        const asOfMs = (Math.max(...events.map(({ timeMs }) => timeMs)) + ageMs) as EpochMs
        const counted: [string, number][] = []
        for (const row of rowsOf(events, config, asOfMs))
          contribute(row, (measure, { atMs, credit }, value) => {
            if (!isOfBots(measure)) return
            seen.add(measure.name)
            counted.push([`${measure.name} ${atMs} ${String(credit.queue)} ${credit.topic}`, value])
          })
        const course = courseOf('c-1', events, config)
        const expected = course.discarded ? [] : botObservations(course, asOfMs)
        expect(sums(counted)).toEqual(
          sums(
            expected.map(({ what, atMs, value, dimensions }) => [
              `${names[what]} ${atMs} ${String(dimensions.queue)} ${dimensions.topic}`,
              value,
            ]),
          ),
        )
      }),
      { numRuns: runs, examples: rare },
    )
    if (runs >= 1_000) expect(seen).toEqual(new Set(Object.values(names))) // Nothing is compared in vain.
  },
)

test('what is a part of something counts where that counts', () => {
  const parts = [
    ...['botContained', 'botContactHandedOff'].map((part) => [part, 'botContactOver'] as const),
    ...['aiAutonomous', 'aiAssisted', 'aiDropped', 'handoffLimit', 'handoffNone'].map(
      (part) => [part, 'aiEpisode'] as const,
    ),
    ...['aiReopened', 'aiMature'].map((part) => [part, 'aiAutonomous'] as const),
    ...([['aiDurable', 'aiMature']] as const),
    ...([['aiContactOpened', 'contactOpened']] as const),
  ]
  fc.assert(
    fc.property(anyContact, laterMs, (events, ageMs) => {
      const asOfMs = (Math.max(...events.map(({ timeMs }) => timeMs)) + ageMs) as EpochMs
      const counted: [string, number][] = []
      for (const row of rowsOf(events, defaultTenantConfig, asOfMs))
        contribute(row, ({ name }, { atMs, credit }, value, scope) => {
          const where = `${atMs} ${JSON.stringify(credit)} ${scope}`
          counted.push([`${name} ${where}`, value])
        })
      const found = sums(counted)
      for (const [what, value] of found)
        for (const [part, whole] of parts)
          if (what.startsWith(`${part} `))
            expect(value).toBeLessThanOrEqual(found.get(what.replace(part, whole)) ?? 0)
    }),
    { numRuns: 500 },
  )
})
