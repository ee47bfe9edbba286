import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KpiValue, LiveResponse } from '@deskpulse/contract'
import { eventOf } from '../support/events.ts'
import { products, type Product } from '../support/products.ts'
import { until } from '../support/until.ts'

const tenant = 'acme'
const shownWithinMs = 1_000

describe.each(products)('a live chat in $name', ({ open }) => {
  let product: Product
  beforeAll(async () => {
    product = await open(tenant)
    await product.desk.caughtUp(tenant)
  })
  afterAll(() => product?.[Symbol.asyncDispose]())

  const chat = (contactId: string) =>
    eventOf(tenant, 'contact.opened', { contactId, channel: 'chat', queue: 'support', customerId: contactId })
  const message = (contactId: string, data: object) => eventOf(tenant, 'message.sent', { contactId, ...data })
  const asks = (contactId: string) => message(contactId, { from: 'customer' })
  const replies = (contactId: string) => message(contactId, { from: 'agent', agentId: 'a-1' })

  /** The live values of a slice as soon as so many wait, at most a second after what was sent was taken. */
  async function soonWaiting(count: number, slice = 'queue=support'): Promise<Record<string, KpiValue>> {
    const kpisOf = ({ rows }: LiveResponse) => rows[0]!.kpis
    const ask = () => product.desk.live(tenant, { slice, kpis: 'waiting_now,longest_wait' })
    const shown = await until(`${count} wait in ${slice}`, ask, (live) => kpisOf(live)['waiting_now']?.value === count, {
      withinMs: shownWithinMs,
      everyMs: 10,
    })
    return kpisOf(shown)
  }

  test('whose customer waits is shown within a second, and leaves when a human replies in public', async () => {
    const [opening, question] = [chat('c-1'), asks('c-1')]
    await product.desk.send(tenant, [opening, question])
    const { longest_wait: longest } = await soonWaiting(1)
    expect(longest).toMatchObject({ since: question['time'], unit: 'ms' })
    expect(longest!.value).toBeGreaterThanOrEqual(0)
    expect(longest!.value).toBeLessThan(10_000)
    expect(await product.desk.waiting(tenant)).toMatchObject({ count: 1, rows: [{ contactId: 'c-1', kind: 'reply', first: true }] })

    await product.desk.send(tenant, [replies('c-1')])
    const after = await soonWaiting(0)
    expect(after['longest_wait']).toMatchObject({ value: null, reason: 'nothing-happened' })
    await soonWaiting(0, 'all')
    expect(await product.desk.waiting(tenant)).toMatchObject({ count: 0, rows: [] })
  })

  test.each([
    { what: 'a private note', data: { from: 'agent', agentId: 'a-1', visibility: 'private' } },
    { what: 'an automatic message', data: { from: 'agent', agentId: 'a-1', automatic: true } },
    { what: 'a message of a bot', data: { from: 'bot' } },
    { what: 'a message of the system', data: { from: 'system' } },
  ])('goes on waiting after $what', async ({ what, data }) => {
    const contact = `${what} in it`
    const other = `${what} before it`
    await product.desk.send(tenant, [chat(contact), asks(contact)])
    await soonWaiting(1)
    await product.desk.send(tenant, [message(contact, data), chat(other), asks(other)])
    await soonWaiting(2) // The other one is behind the message, which has been counted.
    const { rows } = await product.desk.waiting(tenant)
    expect(rows.map(({ contactId }) => contactId)).toEqual([contact, other])
    await product.desk.send(tenant, [replies(contact), replies(other)])
    await soonWaiting(0)
  })
})
