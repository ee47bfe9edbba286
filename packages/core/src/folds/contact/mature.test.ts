import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../../config/tenant-config.ts'
import { dayMs, hourMs, type EpochMs } from '../../time/time.ts'
import {
  agent,
  at,
  canonical,
  countedIn,
  customer,
  hourSeconds,
  opened,
  resolved,
  startMs,
  told,
  type Happened,
} from './contact.test-support.ts'
import { Contact } from './contact.ts'

const config = { fcrWindowMs: 2 * hourMs }
const window = 2 * hourSeconds
const solved: Happened[] = [
  opened(0, { customerId: 'u-1' }),
  customer(1),
  agent(3, 'a-1'),
  resolved(10),
]

const figures = (happened: readonly Happened[], untilSecond: number): unknown => {
  const { fcrDue, fcrSolved, fcrMatureDue, fcrMatureSolved } = told(happened, {
    config,
    untilSecond,
  }).seconds
  return { fcrDue, fcrSolved, fcrMatureDue, fcrMatureSolved }
}

describe('a first resolution is mature', () => {
  test.each([
    {
      rule: 'not a second before its window has passed',
      then: [],
      untilSecond: 9 + window,
      is: {},
    },
    {
      rule: 'once it has',
      then: [],
      untilSecond: 10 + window,
      is: { fcrMatureDue: [10], fcrMatureSolved: [10] },
    },
    {
      rule: 'unsolved when reopened',
      then: [[20, 'contact.reopened']],
      untilSecond: 10 + window,
      is: { fcrSolved: undefined, fcrMatureDue: [10] },
    },
    {
      rule: 'unsolved when reopened at the very end of the window',
      then: [[10 + window, 'contact.reopened']],
      untilSecond: 10 + window,
      is: { fcrSolved: undefined, fcrMatureDue: [10] },
    },
    {
      rule: 'solved when reopened later',
      then: [[11 + window, 'contact.reopened']],
      untilSecond: 11 + window,
      is: { fcrMatureDue: [10], fcrMatureSolved: [10] },
    },
    {
      rule: 'in nothing when discarded',
      then: [[20, 'contact.discarded']],
      untilSecond: 10 + window,
      is: { fcrDue: undefined, fcrSolved: undefined },
    },
  ] satisfies { rule: string; then: Happened[]; untilSecond: number; is: object }[])(
    '$rule',
    ({ then, untilSecond, is }) => {
      const none = { fcrMatureDue: undefined, fcrMatureSolved: undefined }
      expect(figures([...solved, ...then], untilSecond)).toEqual({
        fcrDue: [10],
        fcrSolved: [10],
        ...none,
        ...is,
      })
    },
  )

  test('not where it is not in first-contact resolution at all', () => {
    expect(figures([opened(0, { openedBy: 'system' }), ...solved.slice(1)], 10 + window)).toEqual(
      {},
    )
  })
})

const configAt = () => ({ ...defaultTenantConfig, ...config })
const insert = (contact: Contact, happened: readonly Happened[], receivedMs: EpochMs): void => {
  for (const [index, event] of canonical(happened).entries())
    contact.insert({ event, receivedMs, text: String.fromCharCode(index) })
}
const changed = (contact: Contact, nowMs: EpochMs): string[] => {
  contact.settle(nowMs)
  return countedIn(contact.take(nowMs).rows).map(({ measure }) => measure.name)
}

describe('by time alone', () => {
  test('a contact wakes at the end of the window, counts as mature then, and tells its customer', () => {
    const contact = new Contact('c-1', configAt, null, [])
    insert(contact, solved, startMs)
    changed(contact, at(10))
    expect(contact.nextWakeMs(at(10))).toBe(at(10 + window))
    contact.settle(at(10 + window))
    const { rows, outputs } = contact.take(at(10 + window))
    expect(rows.map(({ sign }) => sign)).toEqual([-1, 1])
    expect(outputs.filter(({ output }) => output.kind === 'session')).toMatchObject([
      { output: { session: { resolution: { isMature: true } } } },
    ])
    expect(contact.nextWakeMs(at(10 + window))).toBe(startMs + 35 * dayMs)
  })

  test('a contact from the store does so too, and what had matured before is no change', () => {
    const contact = new Contact('c-1', configAt, null, [])
    insert(contact, solved, startMs)
    changed(contact, at(10))
    const again = new Contact('c-1', configAt, contact.store(), [...contact.timeline.events])
    expect(again.nextWakeMs(at(10))).toBe(at(10 + window))
    expect(changed(again, at(10 + window))).toContain('fcrMatureSolved')
    const later = new Contact('c-1', configAt, again.store(), [...again.timeline.events])
    expect(changed(later, at(20 + window))).toEqual([])
  })

  test('a resolution that is told after its window is mature at once, and a reopening told later still takes it back', () => {
    const contact = new Contact('c-1', configAt, null, [])
    insert(contact, solved, at(20 + window))
    expect(changed(contact, at(20 + window))).toContain('fcrMatureSolved')
    insert(contact, [...solved, [30, 'contact.reopened']], at(30 + window))
    const names = changed(contact, at(30 + window))
    expect(names).toContain('fcrMatureDue')
    expect(names).not.toContain('fcrMatureSolved')
  })

  test('a contact that nothing is to mature in does not wake for it', () => {
    const contact = new Contact('c-1', configAt, null, [])
    insert(contact, [opened(0, { openedBy: 'system' }), ...solved.slice(1)], startMs)
    changed(contact, at(10))
    expect(contact.nextWakeMs(at(10))).toBe(startMs + 35 * dayMs)
  })
})
