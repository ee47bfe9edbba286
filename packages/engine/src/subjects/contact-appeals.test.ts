import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { type AppealRow, decodeOpen, openKey } from '@deskpulse/core/state'
import { dayMs, type EpochMs, hourMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import type { MemoryStore } from '../replay/memory-store.ts'
import { foldedInWays, type Step } from '../testing/folded-in-ways.ts'
import { measuresOf } from '../testing/measures.ts'

const tenant = 'acme'
const startMs = Date.UTC(2026, 2, 2)
const at = (day: number, hour = 0): EpochMs => (startMs + day * dayMs + hour * hourMs) as EpochMs

let events = 0
const event = (timeMs: EpochMs, type: EventType, data: EventData): CanonicalEvent => ({
  ...{ type, id: `e-${(events += 1)}`, source: '/crm', timeMs, sequence: '0', tenant, data },
})

const contactOf = (contactId: string, hour: number, type: EventType, data: EventData = {}) =>
  event(at(0, hour), type, { contactId, ...data })
/** A customer is served, and says so, by 11:00 of the first day. */
const courseOf = (contactId: string, agentId = 'a-1') => [
  contactOf(contactId, 8, 'contact.opened', { channel: 'chat', queue: 'q', customerId: 'u' }),
  contactOf(contactId, 8, 'message.sent', { from: 'customer', messageId: 'm-1' }),
  contactOf(contactId, 9, 'contact.assigned', { agentId }),
  contactOf(contactId, 9, 'message.sent', { from: 'agent', agentId, messageId: 'm-2' }),
  contactOf(contactId, 10, 'contact.resolved', { agentId }),
  contactOf(contactId, 11, 'survey.answered', {
    ...{ kind: 'csat', score: 1, scaleMin: 1, scaleMax: 5 },
  }),
]
const complaint = contactOf('c', 12, 'complaint.filed', { complaintId: 'x', agentId: 'a-1' })

const march = { start: '2026-03-01', end: '2026-03-31' }
const filed = (data: EventData = {}) =>
  event(at(1), 'appeal.filed', {
    ...{ appealId: 'p', agentId: 'a-1', period: march, contactIds: ['c'], reason: 'not mine' },
    ...data,
  })
const decided = (decision: string, data: EventData = {}, day = 2) =>
  event(at(day), 'appeal.decided', { appealId: 'p', decision, decidedBy: 'lead', ...data })
const granted = decided('granted')

type Measures = Readonly<Record<string, unknown>>

const folded = (...steps: readonly Step[]): Promise<MemoryStore> => foldedInWays(tenant, steps)

/** Of the days of a slice. */
function daysOf(slice: string, measures: Measures): Measures {
  const named = Object.entries(measures).filter(([name]) => name.startsWith(`${slice} day `))
  return Object.fromEntries(named.map(([name, value]) => [name.slice(slice.length + 1), value]))
}

/** What is left out of the agent's, by measure; and all else is as it would be without any appeal. */
async function leftOut(...steps: readonly Step[]): Promise<Measures> {
  const measures = measuresOf(await folded(...steps), tenant) as Measures
  const isAppeal = ({ type }: CanonicalEvent): boolean => type.startsWith('appeal.')
  const others = steps.map(([logTimeMs, ...its]): Step => {
    return [logTimeMs, ...its.filter((one) => !isAppeal(one))]
  })
  const without = measuresOf(await folded(...others), tenant) as Measures
  const rest = Object.entries(measures).filter(([name]) => !name.includes('appeal='))
  expect(Object.fromEntries(rest)).toEqual(without)
  return daysOf('appeal=a-1', measures)
}

/** What the agent has of one contact alone. */
async function partOf(...its: readonly CanonicalEvent[]): Promise<Measures> {
  const measures = measuresOf(await folded([at(1), ...its], [at(40)]), tenant) as Measures
  return daysOf('agent=a-1', measures)
}

/** What of an agent's is not of the work with one contact: its time, and which customers it has. */
const isOfWork = (name: string): boolean =>
  !/ (agent-time|workforce|customers|conversions|effective-time|handling)$/.test(name)
const work = (measures: Measures): Measures =>
  Object.fromEntries(Object.entries(measures).filter(([name]) => isOfWork(name)))

describe('of an appeal about a contact', () => {
  test('what is granted is all that the contact gave its agent', async () => {
    const part = await leftOut(
      [at(1), ...courseOf('c'), ...courseOf('d'), filed()],
      [at(2), granted],
      [at(40)],
    )
    expect(work(part)).toEqual(work(await partOf(...courseOf('c'))))
    expect(Object.keys(part).length).toBeGreaterThan(6)
  })

  test.each([
    { rule: 'nobody decided on', steps: [] },
    { rule: 'was refused', steps: [[at(2), decided('refused')]] },
    {
      rule: 'was granted and then refused',
      steps: [
        [at(2), granted],
        [at(3), decided('refused', {}, 3)],
      ],
    },
    { rule: 'is of another contact', steps: [[at(2), decided('granted', { contactIds: ['d'] })]] },
    { rule: 'is of KPIs', steps: [[at(2), decided('granted', { kpis: ['csat'] })]] },
  ] as { rule: string; steps: Step[] }[])('nothing is left out that $rule', async ({ steps }) => {
    const part = await leftOut([at(1), ...courseOf('c'), filed({ kpis: ['csat'] })], ...steps)
    expect(part).toEqual({})
  })

  test('it does not matter in which order it is told', async () => {
    const all = [...courseOf('c'), filed(), granted]
    const wanted = await leftOut([at(3), ...all], [at(40)])
    expect(wanted).not.toEqual({})
    expect(await leftOut([at(3), ...all.toReversed()], [at(40)])).toEqual(wanted)
    const one: Step[] = [[at(3), granted], [at(4), filed()], [at(5), ...courseOf('c')], [at(40)]]
    expect(await leftOut(...one)).toEqual(wanted)
  })

  test('decisions count in the order in which they were made, also for who takes over', async () => {
    const course: Step = [at(1), ...courseOf('c'), filed()]
    const [refused, late]: Step[] = [
      [at(5), decided('refused', {}, 4)],
      [at(6), decided('granted', {}, 2)],
    ]
    expect(await leftOut(course, refused!, late!)).toEqual({})
    const again: Step = [at(7), decided('granted', {}, 5)]
    expect(await leftOut(course, refused!, late!, again)).not.toEqual({})
  })

  test('another agent, and another period, keep what is theirs', async () => {
    const course: Step = [at(1), ...courseOf('c')]
    expect(await leftOut(course, [at(2), filed({ agentId: 'a-2' }), granted])).toEqual({})
    const april = { start: '2026-04-01', end: '2026-04-30' }
    expect(await leftOut(course, [at(2), filed({ period: april }), granted])).toEqual({})
  })

  test('what is told of the contact late is left out, too', async () => {
    const [opened, asked, assigned, answered, resolved, rated] = courseOf('c') as [
      ...[CanonicalEvent, CanonicalEvent, CanonicalEvent],
      ...[CanonicalEvent, CanonicalEvent, CanonicalEvent],
    ]
    const part = await leftOut(
      [at(2), opened, asked, assigned, filed(), granted],
      [at(3), answered, resolved],
      [at(4), rated],
      [at(40)],
    )
    expect(work(part)).toEqual(work(await partOf(...courseOf('c'))))
  })

  test('so is what the customer tells of it, who came back', async () => {
    const later = ({ timeMs, ...rest }: CanonicalEvent) => {
      return { ...rest, timeMs: (timeMs + 12 * hourMs) as EpochMs }
    }
    const all = [...courseOf('c'), ...courseOf('d', 'a-2').map(later)]
    const part = await leftOut([at(1), ...all], [at(3), filed(), granted], [at(40)])
    expect(work(part)).toEqual(work(await partOf(...all)))
    expect(work(part)).not.toEqual(work(await partOf(...courseOf('c'))))
  })
})

describe('a contact is kept for an appeal', () => {
  const served: Step = [at(0, 12), ...courseOf('c')]
  test('that is filed before its lifetime is over', async () => {
    expect(await leftOut(served, [at(34), filed()], [at(60), granted])).not.toEqual({})
    expect(await leftOut(served, [at(35, 13), filed()], [at(36), granted])).toEqual({})
  })

  test('that was filed on its last day as if it had not been', async () => {
    const late = contactOf('c', 12, 'contact.reopened', { by: 'customer' })
    for (const hour of [11, 12.5])
      for (const after of [[at(35, 14), late] as Step, [at(36), granted] as Step])
        await leftOut(served, [at(35, hour), filed()], [at(35, hour), granted], after, [at(80)])
  })
})

test('a score that is left out is credited to the appeal alone as the agent’s', async () => {
  const scores = [{ kind: 'complaint', id: 'x' }]
  const appealed = filed({ contactIds: [], scores })
  const wanted = { [`day ${startMs} complaints`]: { 4096: 1 } }
  expect(await leftOut([at(1), complaint, appealed], [at(2), granted])).toEqual(wanted)
  expect(await leftOut([at(3), granted], [at(4), appealed], [at(5), complaint])).toEqual(wanted)
  expect(await leftOut([at(1), complaint], [at(30), appealed], [at(60), granted])).toEqual(wanted)
  expect(await leftOut([at(1), complaint, appealed], [at(2), decided('refused')])).toEqual({})
})

test('readers have it, with what was granted, and which of its contacts are kept', async () => {
  const asked = filed({ contactIds: ['c', 'gone'], kpis: ['csat'], filedBy: 'a-1' })
  const part = decided('granted', { contactIds: ['c'], note: 'line was down' })
  const store = await folded([at(1), ...courseOf('c'), asked], [at(2), part])
  const bytes = store.hashes.get(openKey(tenant))!.get('pp')!
  const row = decodeOpen('pp', bytes).row as AppealRow
  expect(row).toEqual({
    ...{ appealId: 'p', appealOf: 'a-1', ...march, reason: 'not mine' },
    ...{ filedMs: at(1), filedBy: 'a-1', found: ['c'] },
    ...{ contactIds: ['c', 'gone'], scores: [], kpis: ['csat'] },
    decided: {
      ...{ atMs: at(2), by: 'lead', isGranted: true, note: 'line was down' },
      ...{ contactIds: ['c'], scores: [], kpis: [] },
    },
  })
})
