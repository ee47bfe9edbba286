import { wireEventArbitrary } from '@deskpulse/contract/testing'
import { eventTypes } from '@deskpulse/core/events'
import fc from 'fast-check'

/** What nobody but a source is to know: as a customer's name, number, address and words could be. */
const [name, phone, mail, words, customer] = [
  ...['Canary Wang Xiaoming', '+86-138-CANARY-0001', 'canary.wang@customers.example'],
  ...['CANARY: my card is 4000 0000 0000 0002', 'CANARY-wechat-openid-77'],
] as const
export const canaries: readonly string[] = [name, phone, mail, words, customer]

/** The id of a contact: kept, and shown. Where it is not found, nothing else would be. */
export const kept = 'contact-that-is-kept-0815'

const personal = {
  ...{ name, customerName: name, phone, email: mail, text: words, body: words },
  ...{ comment: words, nested: { phones: [phone], name } },
}

type Sampled = { readonly data: object; readonly [attribute: string]: unknown }

/** Some events of every type, and a customer who waits, with personal data in every place that a source could put it. */
export function canaryEvents(tenant: string, now: Date): readonly object[] {
  const event = (id: string, sampled: Sampled, data: object = {}): object => ({
    ...{ ...sampled, ...personal, id, source: '/source', tenant },
    time: now.toISOString(),
    data: { ...sampled.data, ...personal, customerId: customer, ...data },
  })
  const sampled = eventTypes.flatMap((type, place) =>
    fc
      .sample(wireEventArbitrary(type), { numRuns: 3, seed: place })
      .map((one, at) => event(`${type}-${at}`, { ...one, sequence: String(at) })),
  )
  const waits = [
    ['contact.opened', { contactId: kept, channel: 'chat', queue: 'billing' }],
    ['message.sent', { contactId: kept, from: 'customer' }],
  ] as const
  const waiting = waits.map(([type, data], at) =>
    event(`waits-${at}`, {
      ...{ specversion: '1.0', type: `deskpulse.${type}.v1`, sequence: `${at}` },
      data,
    }),
  )
  return [...sampled, ...waiting]
}

/** Not one of them is accepted. */
export function refusedCanaries(tenant: string, now: Date): readonly string[] {
  const [event] = canaryEvents(tenant, now)
  return [
    JSON.stringify({ ...event, type: `deskpulse.${name}` }),
    JSON.stringify({ ...event, data: { contactId: { phone }, channel: words } }),
    JSON.stringify({ ...event, time: mail }),
    `{ "name": "${name}", `,
  ]
}

/** Of a request, and of a record of the raw topic. */
export const canaryHeaders = {
  'user-agent': phone,
  referer: `https://shop.example/${mail}`,
  cookie: `customer=${customer}`,
  'x-customer-phone': phone,
}

/** Paths of addresses that there are not, or of nothing that there is. */
export const canaryPaths = (tenant: string): readonly string[] =>
  [encodeURIComponent(name), `agents/${encodeURIComponent(phone)}/timeline`].map(
    (path) => `/v1/tenants/${tenant}/${path}?name=${encodeURIComponent(name)}`,
  )

export const canaryQuery = `phone=${encodeURIComponent(phone)}`

/** What is asked for afterwards. */
export const askedFor = (tenant: string): readonly string[] => [
  ...['/metrics', '/readyz', '/v1/kpis', '/wallboard/tenants.json'],
  ...['kpis/live', 'waiting', 'agents', 'slices?dimension=queue', 'refusals'].map(
    (path) => `/v1/tenants/${tenant}/${path}`,
  ),
  `/v1/tenants/${tenant}/kpis/explain?kpi=contacts_opened&window=today`,
  `/v1/tenants/${tenant}/kpis/explain?kpi=paying_customers&window=today`,
]

/** Which of these texts some bytes have, in the forms in which bytes may have them. */
export function foundIn(bytes: Buffer, texts: readonly string[] = canaries): string[] {
  const forms = (text: string): Buffer[] => [
    ...(['utf8', 'utf16le'] as const).map((encoding) => Buffer.from(text, encoding)),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -2)),
  ]
  return texts.filter((text) => forms(text).some((form) => bytes.includes(form)))
}
