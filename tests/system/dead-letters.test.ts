import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Offset, PartitionId } from '@deskpulse/stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deskpulse, startDeskpulse } from '../support/deskpulse.ts'
import type { Client } from '../support/client.ts'
import { startEmbedded, type Embedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { startInstallation, type Installation } from '../support/installation.ts'
import { until } from '../support/until.ts'

const tenant = 'acme'
const pseudonymise = { key: 'a secret of the tests' }
/** Nothing is closed: what comes next is to be seen at once. */
const closing = { grace: '36500d' }
const megabyte = 1024 * 1024

const opened = (of: string) =>
  eventOf(
    of,
    'contact.opened',
    { contactId: randomUUID(), channel: 'ticket', customerId: 'u-1' },
    { time: '2002-06-15T12:00:00Z' },
  )

async function counted(client: Client, of: string): Promise<unknown> {
  const year = { period: 'year', from: '2002-01-01', to: '2003-01-01', kpis: 'contacts_opened' }
  return (await client.periods(of, year))[0]?.kpis['contacts_opened']?.value
}

/** The objects that `list --json` prints, one a line. */
function objectsOf(lines: string): readonly Readonly<Record<string, unknown>>[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
}

describe('dead letters of the embedded product, while it runs', () => {
  let product: Embedded
  const bytesMax = 16 * megabyte

  beforeAll(async () => {
    product = await startEmbedded({
      tenants: { [tenant]: { pseudonymise, closing } },
      deadLetters: { bytesMax },
    })
  })
  afterAll(() => product?.[Symbol.asyncDispose]())

  const letters = (command: string, ...args: readonly string[]) =>
    deskpulse('dead-letters', command, '--data-dir', product.dataDir, ...args)
  const sizeOf = async (name: string) =>
    (await stat(join(product.dataDir, name)).catch(() => ({ size: 0 }))).size
  const post = (lines: readonly string[]) =>
    product.client.post(tenant, Buffer.from(lines.join('\n')), 'application/x-ndjson')

  test('a flood of one line takes far fewer bytes than it came in, and is counted', async () => {
    const lines = Array<string>(700_000).fill('{}')
    const answer = await post(lines)
    expect(answer.status).toBe(400)
    const [group, ...others] = objectsOf(await letters('list', '--json'))
    expect(others).toEqual([])
    expect(group).toMatchObject({ code: 'not-an-event', tenant, times: lines.length })
    expect(
      (await sizeOf('dead-letters.sqlite')) + (await sizeOf('dead-letters.sqlite-wal')),
    ).toBeLessThan(megabyte)
  })

  test('a letter is shown, and once erased its bytes are nowhere', async () => {
    const name = `Mario Rossi ${randomUUID()}`
    await post([JSON.stringify(eventOf(tenant, 'contact.sneezed', { name }))])
    const [letter] = objectsOf(await letters('list', '--json', '--each', '--code', 'unknown-type'))
    expect(await letters('show', String(letter!['id']))).toContain(name)
    expect(await letters('erase', '--code', 'unknown-type')).toBe(
      'erased 1 letter of 1 refused input\n',
    )
    expect(objectsOf(await letters('list', '--json', '--code', 'unknown-type'))).toEqual([])
    for (const file of [
      'dead-letters.sqlite',
      'dead-letters.sqlite-wal',
      'log.sqlite',
      'log.sqlite-wal',
    ]) {
      expect(
        (await readFile(join(product.dataDir, file)).catch(() => Buffer.alloc(0))).includes(name),
      ).toBe(false)
    }
  })

  test('a letter that is replayed and comes back is not sent again', async () => {
    await post([JSON.stringify(eventOf(tenant, 'contact.yawned', {}))])
    const chosen = ['--code', 'unknown-type', '--url', product.service.url]
    const replay = startDeskpulse(
      'dead-letters',
      'replay',
      '--data-dir',
      product.dataDir,
      ...chosen,
    )
    expect((await replay.ended).code).toBe(1)
    expect(replay.out()).toBe('accepted  0\nrefused   1 (unknown-type 1): they are letters again\n')
    expect(await letters('replay', ...chosen)).toBe(
      'accepted  0\nrefused   0\nnot sent  1 letter: replayed before; --again sends them\n',
    )
    expect(
      objectsOf(await letters('list', '--json', '--each', '--code', 'unknown-type')).map(
        ({ replays }) => replays,
      ),
    ).toEqual([1, 1])
  })

  test('garbage that fills their file stops nothing: the oldest go, and are counted', async () => {
    const bulk = () =>
      Array.from({ length: 40 }, () => JSON.stringify(randomBytes(45_000).toString('base64')))
    for (let sent = 0; sent < 2 * bytesMax; sent += 40 * 45_000)
      expect((await post(bulk())).status).toBe(400)
    await product.client.send(tenant, [opened(tenant)])
    await until(
      'a good event is counted',
      () => counted(product.client, tenant),
      (value) => value === 1,
    )
    expect(await sizeOf('dead-letters.sqlite')).toBeLessThanOrEqual(bytesMax)
    expect(await sizeOf('log.sqlite')).toBeLessThan(4 * megabyte)
    expect(
      (await product.service.scrape()).sum('deskpulse_dead_letters_dropped_total'),
    ).toBeGreaterThan(0)
    expect((await product.service.readiness()).ready).toBe(true)
  })
})

describe('dead letters on Kafka', () => {
  const newcomer = 'newcomer'
  let at: Installation

  beforeAll(async () => {
    at = await startInstallation({
      tenants: { [tenant]: { pseudonymise, closing } },
      partitions: 2,
      aggregators: 1,
    })
  })
  afterAll(() => at?.[Symbol.asyncDispose]())

  const letters = (command: string, ...args: readonly string[]) =>
    deskpulse(
      'dead-letters',
      command,
      '--brokers',
      at.brokers,
      '--topic-prefix',
      at.topicPrefix,
      ...args,
    )
  const listed = async (...args: readonly string[]) =>
    objectsOf(await letters('list', '--json', '--each', ...args))

  async function configure(tenants: object): Promise<void> {
    const config = JSON.parse(await readFile(at.configFile, 'utf8')) as object
    await writeFile(at.configFile, JSON.stringify({ ...config, tenants }))
    for (const service of [at.ingest, at.api]) {
      await service.end('SIGTERM')
      await service.start()
    }
  }

  test('an event of a tenant that was missing counts exactly once, however often it is replayed', async () => {
    const event = opened(newcomer)
    const value = Buffer.from(JSON.stringify(event))
    await at.log.append(at.topics.raw, 0 as PartitionId, [
      { key: null, value },
      { key: null, value },
    ])
    await until(
      'it is a dead letter',
      () => listed('--code', 'unknown-tenant'),
      (found) => found.length > 0,
    )
    await configure({
      [tenant]: { pseudonymise, closing },
      [newcomer]: { pseudonymise, closing },
    })

    const chosen = ['--tenant', newcomer, '--code', 'unknown-tenant']
    expect(await letters('replay', ...chosen, '--dry-run')).toBe(
      'would send 1 letter\n  1 unknown-tenant of newcomer\n',
    )
    expect(await letters('replay', ...chosen)).toBe(
      'sent      1; what is refused again comes back as a letter\n',
    )
    await until(
      'it is counted',
      () => counted(at.client, newcomer),
      (count) => count === 1,
    )
    expect(await letters('replay', ...chosen)).toContain('not sent  1 letter: replayed before')
    await letters('replay', ...chosen, '--again')
    await letters('replay', ...chosen, '--again', '--url', at.ingest.url)
    await at.caughtUp(newcomer)
    expect(await counted(at.client, newcomer)).toBe(1)
    expect((await listed(...chosen)).map(({ replays }) => replays)).toEqual([3])
  })

  test('what is erased cannot be read any more, by nobody; the rest is there, and new letters come', async () => {
    const value = (name: string) => JSON.stringify(eventOf(tenant, 'contact.sneezed', { name }))
    for (const name of ['Mario', 'Anna']) await at.client.post(tenant, Buffer.from(value(name)))
    await at.client.post(tenant, Buffer.from('{}'))
    const before = await listed()
    expect(await letters('erase', '--code', 'unknown-type')).toBe(
      'erased 2 letters of 2 refused inputs\n',
    )
    await at.client.post(tenant, Buffer.from('[]x'))
    const without = ({ id: _, ...letter }: Readonly<Record<string, unknown>>) => letter
    const kept = before.filter(({ code }) => code !== 'unknown-type').map(without)
    const after = (await listed()).map(without)
    expect(after).toEqual(expect.arrayContaining(kept))
    expect(after.map(({ code }) => String(code)).toSorted()).toEqual([
      'not-an-event',
      'not-json',
      'unknown-tenant',
    ])
    const first = (await at.log.read(at.topics.deadLetter, 0 as PartitionId, 0 as Offset, 1))[0]!
    expect(Number(first.offset)).toBeGreaterThan(0)
  })

  test('a customer who is erased is named by no letter and no answer, and it is said how long the raw topic has them', async () => {
    const named = JSON.stringify(eventOf(newcomer, 'contact.sneezed', { customerId: 'u-1' }))
    await at.client.post(newcomer, Buffer.from(named))
    const explained = async (): Promise<readonly unknown[]> => {
      const query = 'kpi=contacts_opened&period=year&from=2002-01-01&include=events'
      const address = `/v1/tenants/${newcomer}/kpis/explain?${query}`
      const { rows } = (await (await fetch(new URL(address, at.api.url))).json()) as {
        rows: readonly { events: readonly { data: { customerId?: string } }[] }[]
      }
      return rows.flatMap(({ events }) => events.flatMap(({ data }) => data.customerId ?? []))
    }
    expect(new Set(await explained()).size).toBe(1)
    const chosen = ['--tenant', newcomer, '--code', 'unknown-type']
    expect(await listed(...chosen)).toHaveLength(1)

    const asked = ['--customer', 'u-1', '--tenant', newcomer, '--url', at.ingest.url]
    const nowMs = Date.now()
    const answer = JSON.parse(await deskpulse('erase', ...asked, '--json')) as {
      readonly shownAs: readonly string[]
      readonly deadLetters: number
      readonly raw: { readonly until: string }
    }
    // That of the event whose tenant was missing names the customer, too.
    expect(answer.deadLetters).toBeGreaterThanOrEqual(2)
    expect(Date.parse(answer.raw.until)).toBeGreaterThan(nowMs + 7 * 86_400_000)
    expect(await listed(...chosen)).toEqual([])
    await until(
      'the API shows the word',
      explained,
      (customers) => customers.length > 0 && customers.every((one) => one === answer.shownAs[0]),
    )
    expect(await deskpulse('erase', ...asked, '--dry-run')).toMatch(
      /^would remove 0 dead letters\n/,
    )
  })
})
