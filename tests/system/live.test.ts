import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KpiValue, LiveResponse } from '@deskpulse/contract'
import { eventOf } from '../support/events.ts'
import { products, type Product } from '../support/products.ts'
import { until } from '../support/until.ts'

const tenant = 'acme'

describe.each(products)('a live chat in $name', ({ open }) => {
  let product: Product
  beforeAll(async () => {
    product = await open(tenant)
    await product.client.caughtUp(tenant)
  })
  afterAll(() => product?.[Symbol.asyncDispose]())

  const chat = (contactId: string) =>
    eventOf(tenant, 'contact.opened', {
      contactId,
      channel: 'chat',
      queue: 'support',
      customerId: contactId,
    })
  const message = (contactId: string, data: object) =>
    eventOf(tenant, 'message.sent', { contactId, ...data })
  const asks = (contactId: string) => message(contactId, { from: 'customer' })
  const replies = (contactId: string) => message(contactId, { from: 'agent', agentId: 'a-1' })

  const kpisOf = ({ rows }: LiveResponse): Record<string, KpiValue> => rows[0]!.kpis

  /** The live values of a slice as soon as so many wait. */
  async function untilWaiting(count: number, slice = 'queue=support'): Promise<LiveResponse> {
    const ask = () => product.client.live(tenant, { slice, kpis: 'waiting_now,longest_wait' })
    return until(
      `${count} wait in ${slice}`,
      ask,
      (live) => kpisOf(live)['waiting_now']?.value === count,
    )
  }

  test('whose customer waits is shown, and leaves when a human replies in public', async () => {
    const [opening, question] = [chat('c-1'), asks('c-1')]
    await product.client.send(tenant, [opening, question])
    const waiting = await untilWaiting(1)
    const value = Date.parse(waiting.asOf) - Date.parse(String(question['time']))
    expect(kpisOf(waiting)['longest_wait']).toMatchObject({
      value,
      since: question['time'],
      unit: 'ms',
    })
    expect(await product.client.waiting(tenant)).toMatchObject({
      count: 1,
      rows: [{ contactId: 'c-1', kind: 'reply', first: true }],
    })

    await product.client.send(tenant, [replies('c-1')])
    const after = kpisOf(await untilWaiting(0))
    expect(after['longest_wait']).toMatchObject({ value: null, reason: 'nothing-happened' })
    await untilWaiting(0, 'all')
    expect(await product.client.waiting(tenant)).toMatchObject({ count: 0, rows: [] })
  })

  test.each([
    { what: 'a private note', data: { from: 'agent', agentId: 'a-1', visibility: 'private' } },
    { what: 'an automatic message', data: { from: 'agent', agentId: 'a-1', automatic: true } },
    { what: 'a message of a bot', data: { from: 'bot' } },
    { what: 'a message of the system', data: { from: 'system' } },
  ])('goes on waiting after $what', async ({ what, data }) => {
    const contact = `${what} in it`
    const other = `${what} before it`
    await product.client.send(tenant, [chat(contact), asks(contact)])
    await untilWaiting(1)
    await product.client.send(tenant, [message(contact, data), chat(other), asks(other)])
    await untilWaiting(2) // The other one is behind the message, which has been counted.
    const { rows } = await product.client.waiting(tenant)
    expect(rows.map(({ contactId }) => contactId)).toEqual([contact, other])
    await product.client.send(tenant, [replies(contact), replies(other)])
    await untilWaiting(0)
  })
})
