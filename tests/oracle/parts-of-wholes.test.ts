import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { contribute } from '@deskpulse/core/kpis'
import { Contact, type Row } from '@deskpulse/core/subjects'
import { type EpochMs, hourMs } from '@deskpulse/core/time'
import { office } from './support/calendars.ts'
import { oddContact } from './support/odd-events.ts'

const startMs = Date.UTC(2026, 2, 2, 8)
const config: TenantConfig = {
  ...defaultTenantConfig,
  calendars: { office },
  calendar: 'office',
  clock: { live: 'calendar', deferred: 'business' },
}

const anyContact = oddContact(startMs)

function rowsOf(events: readonly CanonicalEvent[]): Row[] {
  const asOfMs = (Math.max(...events.map(({ timeMs }) => timeMs)) + hourMs) as EpochMs
  const contact = new Contact('c-1', () => config, null, [])
  for (const event of events) contact.insert({ event, receivedMs: asOfMs, text: event.id })
  contact.settle(asOfMs)
  return contact.take(asOfMs).rows.map(({ row }) => row)
}

/** What each measure has at each place and instant: what there is of it, and what it adds up to. */
function countedIn(rows: readonly Row[]): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>()
  for (const row of rows)
    contribute(row, ({ name }, { atMs, credit }, value, _scope, _endMs, times = 1) => {
      const place = JSON.stringify([atMs, credit])
      const its = found.getOrInsertComputed(name, () => new Map<string, number>())
      its.set(place, (its.get(place) ?? 0) + value * times)
    })
  return found
}

test('the parts of first responses add up to them, at each instant and for each credit, on either clock', () => {
  let split = 0
  fc.assert(
    fc.property(anyContact, (events) => {
      const rows = rowsOf(events)
      for (const row of rows) {
        if (row.grain !== 'reply' || !row.first || row.answered === null) continue
        for (const { waitMs, queueMs } of [row, row.other ?? row]) {
          expect(queueMs).toBeGreaterThanOrEqual(0)
          expect(queueMs).toBeLessThanOrEqual(waitMs!)
          if (queueMs! > 0 && queueMs! < waitMs!) split += 1
        }
      }
      const counted = countedIn(rows)
      for (const on of ['', '-calendar', '-business']) {
        const of = (name: string) => counted.get(`${name}${on}`) ?? new Map<string, number>()
        const [whole, queue, agent] = [
          of('firstReplyTime'),
          of('firstReplyQueuePart'),
          of('firstReplyAgentPart'),
        ]
        expect(new Set([...queue.keys(), ...agent.keys()])).toEqual(new Set(whole.keys()))
        for (const [place, ms] of whole)
          expect((queue.get(place) ?? 0) + (agent.get(place) ?? 0)).toBe(ms)
      }
    }),
    { numRuns: 1_000 },
  )
  expect(split).toBeGreaterThan(0)
})

test.each([
  ['heldPart', 'talkTime'],
  ['hungUpByAgent', 'hungUp'],
  ['messageOfEnded', 'answeredEnded'],
  ['silentEnded', 'openedEnded'],
])('what counts in %s counts in %s, in the same place at the same instant', (part, whole) => {
  let seen = 0
  fc.assert(
    fc.property(anyContact, (events) => {
      const counted = countedIn(rowsOf(events))
      const places = (name: string): Set<string> => new Set(counted.get(name)?.keys())
      seen += places(part).size
      expect(places(part).isSubsetOf(places(whole))).toBe(true)
    }),
    { numRuns: 6_000 }, // Of 500, none may be of a call that its agent ended.
  )
  expect(seen).toBeGreaterThan(0)
})
