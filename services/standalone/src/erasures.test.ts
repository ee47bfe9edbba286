import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { contentOf, type ErasureResponse } from '@deskpulse/contract'
import { boundedTopic, deadLettersFile, type Offset } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { workbench } from './testing/product.ts'

const customer = 'CANARY-u-77'
const key = 'a key of this test alone'
const pseudonym = createHmac('sha256', key)
  .update(customer)
  .digest()
  .subarray(0, 16)
  .toString('base64url')
const leading = [customer, pseudonym]
const foundIn = (text: string): string[] => leading.filter((word) => text.includes(word))

let ids = 0
const eventOf = (type: string, data: object, id = `e-${(ids += 1)}`) => ({
  ...{ specversion: '1.0', id, source: '/chat', type: `deskpulse.${type}.v1` },
  ...{ time: new Date().toISOString(), tenant: 'acme', data },
})
const chat = (customerId: string) => {
  const contactId = `c-${(ids += 1)}`
  return [
    eventOf('contact.opened', { contactId, customerId, channel: 'chat', queue: 'billing' }),
    eventOf('message.sent', { contactId, from: 'customer' }),
    eventOf('order.paid', {
      ...{ orderId: `o-${contactId}`, customerId },
      money: { amountMinor: 100, currency: 'CNY' },
    }),
  ]
}
/** The second of one id is refused by the folds. */
const conflict = ['vip', 'billing'].map((queue) =>
  eventOf(
    'contact.opened',
    { contactId: 'c-0', customerId: customer, channel: 'chat', queue },
    'x',
  ),
)
const refused = eventOf('of.nothing', { customerId: customer })

const base = 'v1/tenants/acme'
const named = [
  `${base}/kpis/explain?kpi=paying_customers&window=today&limit=1`,
  `${base}/kpis/explain?kpi=paying_customers&window=today`,
  `${base}/kpis/explain?kpi=paying_customers&window=today&format=csv`,
  `${base}/kpis/explain?kpi=contacts_opened&window=today&include=events`,
  `${base}/refusals`,
]
const others = [
  ...['kpis/live', 'waiting', 'agents', 'slices?dimension=queue', 'alerts', 'audit'].map(
    (path) => `${base}/${path}`,
  ),
  ...['v1/audit', 'metrics', 'readyz'],
]
/** Those that do not run with time. */
const kpis = 'contacts_opened,backlog,waiting_now,sales,paying_customers'
const values = `${base}/kpis/live?window=today&kpis=${kpis}&slice=all&slice=queue=billing`

async function textOf(address: string, path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(new URL(path, address), init)
  const text = await response.text()
  expect([200, 202, 422], `${path} ${text}`).toContain(response.status)
  return text
}

async function valuesAt(address: string): Promise<unknown> {
  const { rows } = JSON.parse(await textOf(address, values)) as { rows: { kpis: unknown }[] }
  return rows.map(({ kpis }) => kpis)
}

/** Pages of one row each, from the first to the last. */
async function pagesAt(address: string): Promise<readonly string[]> {
  const pages: string[] = []
  for (let cursor = ''; ;) {
    const text = await textOf(address, `${named[0]}${cursor}`)
    pages.push(text)
    const { cursor: next } = JSON.parse(text) as { cursor?: string }
    if (next === undefined) return pages
    pages.push(Buffer.from(next, 'base64url').toString())
    cursor = `&cursor=${encodeURIComponent(next)}`
  }
}

const cli = resolve(import.meta.dirname, '../../cli/src/main.ts')
function deskpulse(args: readonly string[], input = ''): Promise<string> {
  const { promise, resolve: done, reject } = Promise.withResolvers<string>()
  const child = execFile(process.execPath, [cli, ...args], (error, out, err) =>
    error === null ? done(out + err) : reject(new Error(`${error.message} ${out}`)),
  )
  child.stdin!.end(input)
  return promise
}

async function lettersIn(dataDir: string): Promise<readonly string[]> {
  const topic = boundedTopic({ file: join(dataDir, deadLettersFile) })
  try {
    const records = await topic.read(0 as Offset, 1_000)
    return records.flatMap((record) => {
      const content = contentOf(record)
      if (content?.kind !== 'letters') return []
      return content.letters.map(({ original }) => Buffer.from(original.bytes).toString())
    })
  } finally {
    await topic.close()
  }
}

test('nothing leads to a customer who is erased, and every value stays', async () => {
  await using bench = workbench()
  const { dataDir } = bench
  const config = join(dataDir, 'deskpulse.json')
  writeFileSync(config, JSON.stringify({ tenants: { acme: { pseudonymise: { key } } } }))
  const start = () => bench.start('--no-simulator', '--config', config)
  const first = start()
  const address = await first.ready()
  const sent = [...chat(customer), ...chat('u-1'), ...chat('u-2'), ...conflict]
  const send = async (events: readonly object[]): Promise<string> =>
    textOf(address, `${base}/events`, {
      ...{ method: 'POST', body: JSON.stringify(events) },
      headers: { 'content-type': 'application/json' },
    })
  expect(await send(sent)).toContain(`"accepted":${sent.length}`)
  expect(await send([refused, eventOf('of.nothing', { customerId: 'u-2' })])).toContain(
    '"refused":2',
  )

  await expect.poll(() => lettersIn(dataDir), { timeout: 20_000 }).toHaveLength(3)
  const settled = async () =>
    (JSON.parse(await textOf(address, named[4]!)) as { total: number }).total
  await expect.poll(settled, { timeout: 20_000 }).toBe(1)
  for (const path of named.slice(1))
    expect(foundIn(await textOf(address, path)), path).toEqual([pseudonym])
  expect(foundIn((await pagesAt(address)).join())).toEqual([pseudonym])
  expect(foundIn((await lettersIn(dataDir)).join())).toEqual(leading)
  const before = await valuesAt(address)
  const rowsBefore = JSON.parse(await textOf(address, named[1]!)) as { rows: unknown[] }

  const asked = ['erase', '--customer', '-', '--tenant', 'acme', '--url', address]
  const dry = await deskpulse([...asked, '--dry-run'], `${customer}\n`)
  expect(dry).toBe('would remove 2 dead letters\nthe customer is not erased yet\n')
  const done = JSON.parse(await deskpulse([...asked, '--json'], `${customer}\n`)) as ErasureResponse
  expect(done).toMatchObject({ dryRun: false, deadLetters: 2, unreadable: 0, raw: null })
  const [word] = done.shownAs as [string]

  async function leadsNowhere(at: string): Promise<void> {
    for (const path of named.slice(1)) {
      const text = await textOf(at, path)
      expect(foundIn(text), path).toEqual([])
      expect(text, path).toContain(word)
    }
    for (const path of others) expect(foundIn(await textOf(at, path)), path).toEqual([])
    const pages = (await pagesAt(at)).join()
    expect([foundIn(pages), pages.includes(word)]).toEqual([[], true])
    expect(await valuesAt(at)).toEqual(before)
    const rows = JSON.parse(await textOf(at, named[1]!)) as { rows: unknown[] }
    expect(rows.rows).toHaveLength(rowsBefore.rows.length)
    const refusals = await deskpulse(['refusals', '--tenant', 'acme', '--url', at, '--json'])
    expect([foundIn(refusals), refusals.includes(word)]).toEqual([[], true])
  }
  await leadsNowhere(address)
  const letters = await lettersIn(dataDir)
  expect(letters).toHaveLength(1)
  expect(letters[0]).toContain('u-2')
  const { out, err } = await first.kill('SIGTERM')
  expect(foundIn(out + err)).toEqual([])

  const second = start()
  await leadsNowhere(await second.ready())
  await second.kill('SIGTERM')
  const exported = ['export', '--tenant', 'acme', '--data-dir', dataDir, '--grain']
  for (const grain of ['customer-period', 'order']) {
    const rows = await deskpulse([...exported, grain])
    expect([grain, foundIn(rows), rows.includes(word)]).toEqual([grain, [], true])
  }
  // Whom the log names by the pseudonym is nowhere named by the id.
  for (const file of readdirSync(dataDir))
    expect(readFileSync(join(dataDir, file)).includes(customer), file).toBe(false)
})
