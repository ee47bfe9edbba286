import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { wireEventArbitrary } from '@deskpulse/contract/testing'
import { eventTypes } from '@deskpulse/core/events'
import { deadLettersFile } from '@deskpulse/stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { workbench } from './testing/product.ts'

/** What nobody but a source is to know: as a customer's name, number, address and words could be. */
const [name, phone, mail, words, customer] = [
  ...['Canary Wang Xiaoming', '+86-138-CANARY-0001', 'canary.wang@customers.example'],
  ...['CANARY: my card is 4000 0000 0000 0002', 'CANARY-wechat-openid-77'],
] as const
const canaries = [name, phone, mail, words, customer]

const personal = {
  ...{ name, customerName: name, phone, email: mail, text: words, body: words },
  ...{ comment: words, nested: { phones: [phone], name } },
}

/** Some events of every type, with personal data in every place that a source could put it. */
function eventsOf(now: Date): object[] {
  return eventTypes.flatMap((type, place) => {
    const sampled = fc.sample(wireEventArbitrary(type), { numRuns: 3, seed: place })
    return sampled.map((event, at) => ({
      ...{ ...event, ...personal, id: `${type}-${at}`, source: '/source', tenant: 'acme' },
      ...{ time: now.toISOString(), sequence: String(at) },
      data: { ...event.data, ...personal, customerId: customer },
    }))
  })
}

/** Not one of them is accepted. */
const refused = (now: Date): string[] => [
  JSON.stringify({ ...eventsOf(now)[0], type: `deskpulse.${name}` }),
  JSON.stringify({ ...eventsOf(now)[0], data: { contactId: { phone }, channel: words } }),
  JSON.stringify({ ...eventsOf(now)[0], time: mail }),
  `{ "name": "${name}", `,
]

const headers = {
  'content-type': 'application/x-ndjson',
  'user-agent': phone,
  referer: `https://shop.example/${mail}`,
  cookie: `customer=${customer}`,
  'x-customer-phone': phone,
}

const addresses = [
  ...['/metrics', '/readyz', '/v1/kpis', '/wallboard/tenants.json', '/v1/audit'],
  ...['kpis/live', 'waiting', 'agents', 'slices?dimension=queue', 'refusals', 'alerts'].map(
    (path) => `/v1/tenants/acme/${path}`,
  ),
  '/v1/tenants/acme/kpis/explain?kpi=contacts_opened&window=today',
  '/v1/tenants/acme/kpis/explain?kpi=paying_customers&window=today',
]

/** Which canaries a text has, in the forms in which bytes may have them. */
function foundIn(bytes: Buffer): string[] {
  const forms = (text: string): Buffer[] => [
    ...(['utf8', 'utf16le'] as const).map((encoding) => Buffer.from(text, encoding)),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -2)),
  ]
  return canaries.filter((text) => forms(text).some((form) => bytes.includes(form)))
}

test('what is personal is found where it is looked for', () => {
  for (const text of canaries) {
    expect(foundIn(Buffer.from(`x${text}y`))).toEqual([text])
    expect(foundIn(Buffer.from(encodeURIComponent(text)))).toEqual([text])
    expect(foundIn(Buffer.from(Buffer.from(text).toString('base64')))).toEqual([text])
  }
})

test('what is personal is in no log, metric, answer or file, but in dead letters', async () => {
  await using bench = workbench()
  const product = bench.start('--no-simulator')
  const address = await product.ready()
  const now = new Date()
  const send = (lines: readonly string[]): Promise<Response> =>
    fetch(`${address}v1/tenants/acme/events?phone=${encodeURIComponent(phone)}`, {
      ...{ method: 'POST', headers, body: lines.join('\n') },
    })

  const events = eventsOf(now)
  const sent = await send(events.map((event) => JSON.stringify(event)))
  expect(await sent.json()).toMatchObject({ accepted: events.length, refused: 0 })
  const not = refused(now)
  const answer = await (await send(not)).text()
  expect(JSON.parse(answer)).toMatchObject({ accepted: 0, refused: not.length })
  for (const path of [encodeURIComponent(name), `agents/${encodeURIComponent(phone)}/timeline`])
    await fetch(`${address}v1/tenants/acme/${path}?name=${encodeURIComponent(name)}`, { headers })

  const folded = async (): Promise<number> => {
    const text = await (await fetch(`${address}metrics`)).text()
    return Number(/^deskpulse_entries_folded_total(?:\{.*\})? (.+)$/m.exec(text)?.[1] ?? 0)
  }
  await expect.poll(folded, { timeout: 20_000 }).toBeGreaterThanOrEqual(events.length)

  const seen: Record<string, string[]> = { 'what is refused': foundIn(Buffer.from(answer)) }
  for (const path of addresses) {
    const response = await fetch(new URL(path, address))
    expect(`${path} ${response.status}`).toBe(`${path} 200`)
    seen[path] = foundIn(Buffer.from(await response.arrayBuffer()))
  }
  const { out, err } = await product.kill('SIGTERM')
  seen['standard output'] = foundIn(Buffer.from(out))
  seen['the log'] = foundIn(Buffer.from(err))
  const files = readdirSync(bench.dataDir)
  for (const file of files) seen[file] = foundIn(readFileSync(join(bench.dataDir, file)))

  const letters = files.filter((file) => file.startsWith(deadLettersFile))
  for (const file of letters) delete seen[file]
  expect(Object.entries(seen).filter(([, found]) => found.length > 0)).toEqual([])
  expect(files).toEqual(expect.arrayContaining(['log.sqlite', 'store.sqlite', deadLettersFile]))
}, 60_000)
