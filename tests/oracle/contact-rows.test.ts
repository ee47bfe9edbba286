import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { contribute } from '@deskpulse/core/kpis'
import type { DimensionValues } from '@deskpulse/core/measures'
import { Contact } from '@deskpulse/core/subjects'
import { type EpochMs, hourMs } from '@deskpulse/core/time'
import { worldOf } from './batch/world.ts'
import { oddContact } from './support/odd-events.ts'

/** What the oracle calls what counts in a measure of contacts. */
const observedAs: Readonly<Record<string, string>> = {
  ...{
    contactOpened: 'opened',
    contactAnswered: 'answered',
    contactHandled: 'handled',
    contactResolved: 'resolved',
  },
  ...{
    handledTransferred: 'handled-transferred',
    handledEscalated: 'handled-escalated',
    resolution: 'resolution',
    reopening: 'reopened',
  },
  ...{ handleTime: 'handle', talkTime: 'talk', holdTime: 'hold', wrapUpTime: 'wrap-up' },
  ...{ heldPart: 'part-held', hold: 'holds', holdAbandon: 'hold-abandons' },
  ...{ hungUp: 'hang-up', hungUpByAgent: 'hang-up-by-agent', messageLeft: 'left-message' },
  ...{ customerMessage: 'customer-message', humanMessage: 'human-message' },
  ...{ customerResponse: 'customer-response', closeTime: 'close' },
  ...{ answeredEnded: 'answered-over', messageOfEnded: 'messages-over' },
  ...{ openedEnded: 'opened-over', silentEnded: 'silent' },
  ...{ firstReplyQueuePart: 'first-reply-queue', firstReplyAgentPart: 'first-reply-agent' },
  ...{ resolutionTimeFromRequest: 'resolution-time', firstResolutionReopened: 'resolved-reopened' },
  ...{ resolutionDue: 'resolution-due', resolutionDueWithin: 'resolution-due-within' },
  ...{ fcrDue: 'fcr-due', fcrSolved: 'fcr-solved', fcrIdentified: 'fcr-identified' },
  ...{
    timeToStart: 'start-time',
    resolutionTimeFromRequestActive: 'resolution-time-active',
    resolutionTimeFromStart: 'resolution-from-start',
    resolutionTimeFromStartActive: 'resolution-from-start-active',
    resolutionTimeToLast: 'resolution-to-last',
    resolutionTimeToLastActive: 'resolution-to-last-active',
  },
  ...{ openedResolvedInTime: 'opened-resolved' },
  ...{ fcrNetDue: 'fcr-net-due', fcrNetSolved: 'fcr-net-solved' },
  ...{ fcrNetIdentified: 'fcr-net-identified' },
  ...{ firstResolutionInAuthority: 'resolved-in-authority' },
  ...{ firstResolutionFirstLevel: 'resolved-first-level' },
  ...{ firstPartUnresolved: 'part-unresolved', firstPartResolvedLater: 'part-resolved-later' },
  ...{
    managerReaction: 'reaction',
    managerReactionConflict: 'reaction-conflict',
    managerReactionTechnical: 'reaction-technical',
  },
  ...{ fcrMatureDue: 'fcr-mature-due', fcrMatureSolved: 'fcr-mature-solved' },
  ...{
    replyTime: 'reply',
    firstReplyTime: 'first-reply',
    replyWithin: 'reply-within',
    replyDue: 'due',
    replyDueWithin: 'due-within',
  },
  ...{ due30s: 'due-30s', within30s: 'due-30s-within', lostWait: 'lost' },
  ...{ cappedReplyTime: 'capped', sessionEnded: 'session', sessionWithin: 'session-within' },
  ...{ firstReplyOwed: 'first-owed', firstReplyResolved: 'first-kept' },
  ...{ passEntered: 'pass', passDue: 'pass-due', passWithin: 'pass-due-within' },
  ...{ passAnswered: 'pass-answered', passAbandoned: 'pass-abandoned', passEnded: 'pass-end' },
  ...{ passAbandonedLong: 'pass-abandoned-long', passAbandonedShort: 'pass-abandoned-short' },
  ...{ passLeft: 'pass-left', leftBeforeQueue: 'left-before-queue' },
  ...{ botContactOver: 'bot-over', botContained: 'bot-contained' },
  ...{
    botContactHandedOff: 'bot-handed-off',
    aiContact: 'ai-contact',
    aiContactOpened: 'ai-opened',
  },
  ...{ aiEpisode: 'ai-episode', aiAutonomous: 'ai-autonomous', aiAssisted: 'ai-assisted' },
  ...{ aiDropped: 'ai-dropped', aiReopened: 'ai-reopened', aiMessages: 'ai-messages' },
  ...{ aiMature: 'ai-mature', aiDurable: 'ai-durable' },
  ...{ handoffLimit: 'ai-handoff-limit', handoffRequested: 'ai-handoff-requested' },
  ...{ handoffUnable: 'ai-handoff-unable', handoffPolicy: 'ai-handoff-policy' },
  ...{ handoffOther: 'ai-handoff-other', handoffNone: 'ai-handoff-none' },
  ...{ passDue30s: 'pass-due-30s', passWithin30s: 'pass-due-30s-within' },
}
const observed = new Set(Object.values(observedAs))

/** More by hand: `ORACLE_RUNS=100000`. A failure prints its seed. */
const runs = Math.max(1_000, Number(process.env['ORACLE_RUNS'] ?? 0))

const startMs = Date.UTC(2026, 2, 2, 8)

/** The default limits, and one of resolutions in every class. */
const withResolutions = (resolutionMs: number): TenantConfig['limits'] => {
  const { voice, live, deferred } = defaultTenantConfig.limits
  return {
    voice: { ...voice, resolutionMs },
    live: { ...live, resolutionMs },
    deferred: { ...deferred, resolutionMs },
  }
}

/** How often each thing counts, by all that says where it does. */
class Tally {
  readonly #counts = new Map<string, number>()

  add(
    what: string,
    atMs: number,
    value: number,
    credit: DimensionValues,
    scope: string,
    times: number,
  ): void {
    const agent = scope === 'wide' ? '*' : credit.agent
    const line = `${what} at ${(atMs - startMs) / 1_000}: ${value} ${String(credit.queue)}/${agent} ${credit.topic} ${credit.priority} ${scope}`
    this.#counts.set(line, (this.#counts.get(line) ?? 0) + times)
  }

  get lines(): string[] {
    return [...this.#counts]
      .flatMap(([line, times]) => (times === 0 ? [] : [`${times} × ${line}`]))
      .sort()
  }
}

/** The events come in this order, a few between one commit and the next. */
function counted(
  events: readonly CanonicalEvent[],
  config: TenantConfig,
  asOfMs: EpochMs,
): string[] {
  const contact = new Contact('c-1', () => config, null, [])
  const tally = new Tally()
  for (const [index, event] of events.entries()) {
    contact.insert({ event, receivedMs: asOfMs, text: event.id })
    if (index % 3 !== 2 && index < events.length - 1) continue
    contact.settle(asOfMs)
    for (const { row, sign } of contact.take(asOfMs).rows) {
      contribute(row, ({ name }, { atMs, credit }, value, scope) => {
        const what = observedAs[name]
        if (what !== undefined) tally.add(what, atMs, value, credit, scope, sign)
      })
    }
  }
  return tally.lines
}

function expected(
  events: readonly CanonicalEvent[],
  config: TenantConfig,
  asOfMs: EpochMs,
): string[] {
  const tally = new Tally()
  for (const { what, atMs, value, dimensions, scope } of worldOf(events, config, asOfMs)
    .observations)
    if (observed.has(what) && atMs <= asOfMs) tally.add(what, atMs, value, dimensions, scope, 1)
  return tally.lines
}

test.each(['event', 'release', 'close'] as const)(
  'the rows of a contact, told in any order, count what the oracle observes (calls resolved by %s)',
  (by) => {
    const config = {
      ...defaultTenantConfig,
      fcrWindowMs: 2 * hourMs,
      resolvedBy: { voice: by, live: by === 'close' ? by : 'event', deferred: 'event' },
      limits: withResolutions(600_000),
      pendedPauses: { voice: true, live: true, deferred: by !== 'event' },
      responseCapSeconds: by === 'event' ? 600 : 29,
      sessionMeanSeconds: by === 'event' ? 180 : 45,
      responseWindow: by === 'close' ? { fromMinute: 8 * 60 + 10, toMinute: 9 * 60 } : null,
    } as const
    fc.assert(
      fc.property(oddContact(startMs), fc.integer({ min: 0, max: 3 }), (events, laterHours) => {
        const asOfMs = (Math.max(...events.map(({ timeMs }) => timeMs)) +
          laterHours * hourMs) as EpochMs
        expect(counted(events, config, asOfMs)).toEqual(expected(events, config, asOfMs))
      }),
      { numRuns: runs },
    )
  },
)
