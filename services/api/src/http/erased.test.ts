import type { ExplainResponse, RefusalsResponse } from '@deskpulse/contract'
import { dayMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { type Folded, folding, happened, openFolded } from '../testing/folded.ts'
import { putRefusals, refusal } from '../testing/refusals.ts'
import { type Api, openApi } from '../testing/server.ts'

const base = '/v1/tenants/acme/kpis/explain'
const today = 'period=day&from=2026-03-02'
const customers = ['u-1', 'u-2', 'u-3']

const wordOf = (pseudonym: string): string => `erased-${pseudonym.slice(2)}`

function erase({ erased }: Api, pseudonym: string, tenant = 'acme'): void {
  erased.take({ kind: 'erasure', tenant, pseudonym, shownAs: wordOf(pseudonym), atMs: 0 })
}

/** Three customers who chat and pay. */
async function morning(): Promise<Folded> {
  const api = await openFolded()
  const events = customers.flatMap((customerId, place) => {
    const contactId = `c-${place}`
    const money = { amountMinor: 100, currency: 'CNY' }
    return [
      happened(place, 'contact.opened', {
        contactId,
        customerId,
        channel: 'chat',
        queue: 'billing',
      }),
      happened(place + 10, 'order.paid', { orderId: `o-${place}`, customerId, money }),
    ]
  })
  await api.fold(events, folding.startMs + 600_000)
  return api
}

const subjectsOf = ({ rows }: ExplainResponse): unknown[] => rows.map(({ row }) => row?.subjectId)

describe('rows of a customer who was erased', () => {
  const paying = `${base}?kpi=paying_customers&${today}`

  test('have the word where they had the pseudonym, and are as many with the same value', async () => {
    const api = await morning()
    const before = await api.json<ExplainResponse>(paying)
    erase(api, 'u-2')
    erase(api, 'u-3', 'globex')
    const after = await api.json<ExplainResponse>(paying)
    expect(subjectsOf(before)).toEqual(customers)
    expect(subjectsOf(after)).toEqual(['u-1', 'erased-2', 'u-3'])
    expect(JSON.stringify(after)).toBe(JSON.stringify(before).replaceAll('"u-2"', '"erased-2"'))
  })

  test('have it in CSV, too', async () => {
    const api = await morning()
    const before = (await api.get(`${paying}&format=csv`)).body
    erase(api, 'u-2')
    expect((await api.get(`${paying}&format=csv`)).body).toBe(before.replaceAll('u-2', 'erased-2'))
  })

  test('have it also in what is folded from the log again', async () => {
    const api = await morning()
    erase(api, 'u-2')
    for (let days = 1; days <= 40; days += 1)
      await api.fold([], folding.startMs + 600_000 + days * dayMs)
    const answer = await api.json<ExplainResponse>(paying)
    expect(answer.source).toBe('log')
    expect(subjectsOf(answer)).toEqual(['u-1', 'erased-2', 'u-3'])
  })

  test('pages go on behind the word, and behind the pseudonym that an earlier page ended with', async () => {
    const api = await morning()
    const cursorOf = async (query: string): Promise<string> =>
      encodeURIComponent((await api.json<ExplainResponse>(`${paying}&limit=2${query}`)).cursor!)
    const early = await cursorOf('')
    erase(api, 'u-2')
    const late = await cursorOf('')
    expect(Buffer.from(decodeURIComponent(late), 'base64url').toString()).not.toContain('u-2')
    for (const cursor of [early, late]) {
      const rest = await api.json<ExplainResponse>(`${paying}&limit=2&cursor=${cursor}`)
      expect(subjectsOf(rest)).toEqual(['u-3'])
    }
  })

  test('have it in each event behind them, and in whose order it is', async () => {
    const api = await morning()
    erase(api, 'u-2')
    const opened = await api.json<ExplainResponse>(
      `${base}?kpi=contacts_opened&${today}&include=events`,
    )
    const events = opened.rows.flatMap((row) => row.events ?? [])
    expect(events.map(({ data }) => data['customerId'])).toEqual(['u-1', 'erased-2', 'u-3'])
    const sales = await api.json<ExplainResponse>(`${base}?kpi=sales&${today}&include=events`)
    expect(JSON.stringify(sales)).toContain('"erased-2"')
    expect(JSON.stringify([opened, sales])).not.toContain('"u-2"')
  })

  test('are not answered with what was kept from before', async () => {
    const api = await morning()
    const first = await api.get(paying)
    const headers = { 'if-none-match': first.headers.etag! }
    expect((await api.get(paying, headers)).statusCode).toBe(304)
    erase(api, 'u-2')
    const again = await api.get(paying, headers)
    expect([again.statusCode, again.body.includes('"u-2"')]).toEqual([200, false])
    expect((await api.get(paying, { 'if-none-match': again.headers.etag! })).statusCode).toBe(304)
  })
})

test('refusals have the word in the event, and nothing else changes', async () => {
  const api = await openApi()
  const event = (customerId: string) => {
    const one = refusal(1).event!
    return { ...one, data: { ...one.data, customerId } }
  }
  putRefusals(api.floor, [
    refusal(1, { event: event('u-1') }),
    refusal(2, { event: event('u-2') }),
    refusal(3, { event: null }),
  ])
  await api.floor.commit()
  const url = '/v1/tenants/acme/refusals'
  const before = (await api.get(url)).body
  erase(api, 'u-2')
  const after = await api.json<RefusalsResponse>(url)
  expect(after.rows.map(({ event: of }) => of?.data['customerId'])).toEqual([
    ...[undefined, 'erased-2', 'u-1'],
  ])
  expect(JSON.stringify(after)).toBe(before.replaceAll('"u-2"', '"erased-2"'))
})
