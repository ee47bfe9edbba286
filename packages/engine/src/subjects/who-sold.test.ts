import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { dayMs, type EpochMs, hourMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MemoryStore } from '../replay/memory-store.ts'
import { foldLog, recordOf } from '../testing/fold-log.ts'
import { foldedInWays, type Step } from '../testing/folded-in-ways.ts'
import { measuresOf } from '../testing/measures.ts'

const tenant = 'acme'
const startMs = Date.UTC(2026, 2, 2)
const at = (day: number, hour = 0): EpochMs => (startMs + day * dayMs + hour * hourMs) as EpochMs

let events = 0
const event = (
  timeMs: EpochMs,
  type: EventType,
  data: EventData,
  id = `e-${(events += 1)}`,
): CanonicalEvent => ({ type, id, source: '/crm', timeMs, sequence: '0', tenant, data })

const opened = (hour: number, contactId: string, more: EventData = {}) =>
  event(at(0, hour), 'contact.opened', { contactId, channel: 'chat', customerId: 'u', ...more })
const wrote = (hour: number, contactId: string, agentId?: string) =>
  event(at(0, hour), 'message.sent', { contactId, from: 'agent', ...(agentId && { agentId }) })
const resolved = (hour: number, contactId: string) =>
  event(at(0, hour), 'contact.resolved', { contactId })
/** At the hour that it names `a-1` writes. */
const talk = (hour: number, contactId = 'c', more: EventData = {}) => [
  opened(hour - 0.5, contactId, more),
  wrote(hour, contactId, 'a-1'),
  resolved(hour + 0.1, contactId),
]
const money = { amountMinor: 700, currency: 'CNY' }
const about = { orderId: 'o', customerId: 'u' }
const placed = (hour: number, more: EventData = {}) =>
  event(at(0, hour), 'order.placed', { ...about, money, ...more })
const paid = (hour: number, more: EventData = {}, id?: string) =>
  event(at(0, hour), 'order.paid', { ...about, money, ...more }, id)

const folded = (...steps: readonly Step[]): Promise<MemoryStore> => foldedInWays(tenant, steps)

const fields = { placed: 1, money: 10, converted: 7 } as const
const fieldsOfMoney = 5
const cellsPerField = 4_096

/** In which slices of one agent something is counted on a day. */
async function agentsWith(
  steps: readonly Step[],
): Promise<(family: string, field: number, fields?: number) => string> {
  const days = Object.entries(measuresOf(await folded(...steps), tenant))
    .map(([name, cells]) => ({ words: name.split(' '), cells }))
    .filter(({ words: [slice, resolution] }) => {
      return resolution === 'day' && slice!.startsWith('agent=') && !slice!.includes(',')
    })
  return (family, field, fields = 1) => {
    const isOfIt = ([cell, value]: [string, number]): boolean => {
      const its = Math.floor(Number(cell) / cellsPerField)
      return value > 0 && its >= field && its < field + fields
    }
    return days
      .filter(({ words, cells }) => words[3] === family && Object.entries(cells).some(isOfIt))
      .map(({ words }) => words[0]!.slice('agent='.length))
      .join()
  }
}

/** Of the order that was placed and paid: the agents that have the one and the other, and whose customer paid. */
async function soldAfter(...steps: readonly Step[]): Promise<string> {
  const agents = await agentsWith(steps)
  const sold = agents('orders', fields.money, fieldsOfMoney)
  expect(agents('conversions', 2)).toBe(sold) // Sales and who paid them are of one agent.
  return `${agents('orders', fields.placed)} ${sold}`
}

/** Of the order that was paid: the agent that converted it. */
const convertedAfter = async (...steps: readonly Step[]): Promise<string> =>
  (await agentsWith(steps))('orders', fields.converted)

test.each([
  { rule: 'within a day after the message', hours: [10, 24], is: 'a-1 a-1' },
  { rule: 'at the very message', hours: [1, 1], is: 'a-1 a-1' },
  { rule: 'paid later than a day after it', hours: [10, 26], is: 'a-1 none' },
  { rule: 'placed before it', hours: [0.9, 10], is: 'none a-1' },
])('an order that names nobody, $rule', async ({ hours: [ordered, settled], is }) => {
  const order = [placed(ordered!), paid(settled!)]
  expect(await soldAfter([at(3), ...talk(1), ...order])).toBe(is)
  expect(await soldAfter([at(3), ...order], [at(3, 1), ...talk(1)])).toBe(is)
  expect(await soldAfter([at(3), ...talk(1)], [at(3, 1), ...order.toReversed()])).toBe(is)
})

test('the agent whom any event of the order names has it', async () => {
  const order = [placed(2), paid(3, { agentId: 'a-9' })]
  expect(await soldAfter([at(3), ...talk(1), ...order])).toBe('a-9 a-9')
})

test('an order is converted by who wrote last before its payment, or whom it names; of one that nobody sold it is not', async () => {
  expect(await convertedAfter([at(3), ...talk(1), placed(2), paid(3)])).toBe('a-1')
  expect(await convertedAfter([at(3), placed(2), paid(3, { agentId: 'a-9' })])).toBe('a-9')
  expect(await convertedAfter([at(3), ...talk(1), placed(2), paid(26)])).toBe('')
  expect(await convertedAfter([at(3), ...talk(1), placed(2, { agentId: 'a-9' })])).toBe('')
})

test('a session in which somebody without a name wrote converts an order of nobody, also once that is known late', async () => {
  const talked = [opened(0.5, 'c'), wrote(1, 'c'), resolved(1.1, 'c')]
  expect(await convertedAfter([at(3), placed(2), paid(3)])).toBe('')
  expect(await convertedAfter([at(3), ...talked, placed(2), paid(3)])).toBe('none')
  expect(await convertedAfter([at(3), placed(2), paid(3)], [at(4), ...talked])).toBe('none')
  const discarded = event(at(0, 6), 'contact.discarded', { contactId: 'c' })
  expect(
    await convertedAfter([at(3), placed(2), paid(3)], [at(4), ...talked], [at(5), discarded]),
  ).toBe('')
})

test('a session of another shop sold nothing, once both are known', async () => {
  const talked = talk(1, 'c', { shop: 's-1' })
  expect(await soldAfter([at(3), ...talked, placed(2), paid(3)])).toBe('a-1 a-1')
  const elsewhere = event(at(0, 4), 'order.paid', { ...about, money, shop: 's-2' })
  const steps: Step[] = [
    [at(3), ...talked, placed(2), paid(3)],
    [at(4), elsewhere],
  ]
  expect(await soldAfter(...steps)).toBe('none none')
})

test('what the contact tells late changes who sold it, and what it takes back leaves nobody', async () => {
  const before: Step = [at(3), ...talk(1), placed(2), paid(5)]
  expect(await soldAfter(before, [at(4), wrote(4, 'c', 'a-2')])).toBe('a-1 a-2')
  const discarded = event(at(0, 6), 'contact.discarded', { contactId: 'c' })
  const restored = event(at(0, 7), 'contact.restored', { contactId: 'c' })
  expect(await soldAfter(before, [at(4), discarded])).toBe('none none')
  expect(await soldAfter(before, [at(4), discarded], [at(5), restored])).toBe('a-1 a-1')
})

test('an order of another customer is of who sold it there', async () => {
  const other = [opened(1, 'd', { customerId: 'v' }), wrote(1.5, 'd', 'a-2'), resolved(1.6, 'd')]
  const before: Step = [at(3), ...talk(1), ...other, placed(2), paid(3)]
  const moved = event(at(0, 4), 'order.paid', { ...about, money, customerId: 'v' })
  const back = event(at(0, 5), 'order.paid', { ...about, money })
  expect(await soldAfter(before)).toBe('a-1 a-1')
  expect(await soldAfter(before, [at(4), moved])).toBe('a-2 a-2')
  expect(await soldAfter(before, [at(4), moved, back])).toBe('a-1 a-1')
  expect(await soldAfter(before, [at(4), moved], [at(4), back])).toBe('a-1 a-1')
})

test('an order whose payment another event of its identity displaces asks of its placing alone', async () => {
  const elsewhere = event(at(0, 1), 'order.paid', { ...about, orderId: 'p', money }, 'twice')
  const store = [at(3), ...talk(2), placed(3), paid(4, {}, 'twice')] as const
  expect(await soldAfter([...store])).toBe('a-1 a-1')
  expect(await soldAfter([...store], [at(4), elsewhere])).toBe('a-1 none') // The other one was paid before the answer.
})

test('what was sold stays so past the lifetimes of its contact and of the order, and no other session has sold it', async () => {
  const order: Step = [at(1), ...talk(1), placed(2), paid(3)]
  const again = event(at(0, 9), 'order.returned', { orderId: 'o' })
  const later = [opened(2.5, 'd'), wrote(2.6, 'd', 'a-2'), resolved(2.7, 'd')]
  expect(await soldAfter(order, [at(40)])).toBe('a-1 a-1')
  expect(await soldAfter(order, [at(30), again], [at(50), ...later])).toBe('a-1 a-1')
  expect(await soldAfter(order, [at(50), ...later])).toBe('a-1 a-1')
})

/** More by hand: `LIFETIME_RUNS=1000`. A failure prints its seed. */
const runs = Number(process.env['LIFETIME_RUNS'] ?? 40)

test(
  'however the log is cut, woken and taken over, who sold an order is the same at the edge of every lifetime',
  async () => {
    const step = fc.constantFrom(
      ...[0, 1, 60_000, 5 * hourMs, dayMs, 17 * dayMs, 34 * dayMs],
      ...[35 * dayMs - 1, 35 * dayMs, 36 * dayMs, 37 * dayMs],
    )
    const named = fc.constantFrom<EventData>({}, { agentId: 'a-9' }, { shop: 's-2' })
    const order = fc
      .tuple(fc.constantFrom('o', 'p'), fc.constantFrom('u', 'u', 'v'), named)
      .map(([orderId, customerId, more]): EventData => ({ orderId, customerId, money, ...more }))
    const contact = fc.constantFrom('c', 'd').map((contactId): EventData => ({ contactId }))
    const kinds = fc.oneof(
      order.map((data) => ['order.placed', data] as const),
      order.map((data) => ['order.paid', data] as const),
      fc.constant(['order.returned', { orderId: 'o' }] as const),
      contact.map(
        (data) => ['contact.opened', { ...data, channel: 'chat', customerId: 'u' }] as const,
      ),
      fc
        .tuple(contact, fc.constantFrom('a-1', 'a-2'))
        .map(([data, agentId]) => ['message.sent', { ...data, from: 'agent', agentId }] as const),
      contact.map((data) => ['contact.resolved', data] as const),
      contact.map((data) => ['contact.reopened', data] as const),
      contact.map((data) => ['contact.discarded', data] as const),
    )
    /** Now, or on one of the first days, as they may lie within a lifetime or beyond it. */
    const when = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 40 }))
    const records = fc.array(fc.tuple(step, fc.array(fc.tuple(kinds, when), { maxLength: 4 })), {
      minLength: 2,
      maxLength: 9,
    })
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(
        records,
        cuts,
        fc.uniqueArray(fc.integer({ min: 0, max: 30 })),
        fc.constantFrom(1, 2, 5, 1_000),
        async (steps, batchSizes, restarts, wakesMax) => {
          let logTimeMs = at(0, 20)
          const log = steps.map(([stepMs, held], offset) => {
            logTimeMs = (logTimeMs + stepMs) as EpochMs
            const told = held.map(([[type, data], hour]) =>
              event(hour === null ? logTimeMs : at(0, hour), type, data),
            )
            return recordOf(offset + 1, logTimeMs, told)
          })
          log.unshift(recordOf(0, at(0, 20), talk(9)))
          const one = await foldLog(log, { batchSizes: [1] })
          const other = await foldLog(log, { batchSizes, restartAt: new Set(restarts), wakesMax })
          expect(measuresOf(other, tenant)).toEqual(measuresOf(one, tenant))
        },
      ),
      { numRuns: runs },
    )
  },
  60_000 + 1_000 * runs,
)
