import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  embeddedEventLog,
  outboxIdHeader,
  topicNames,
  type EventLog,
  type LogRecord,
  type Offset,
  type PartitionId,
} from '@deskpulse/stream'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { deskpulse, done, startDeskpulse } from '../support/deskpulse.ts'
import type { Client } from '../support/client.ts'
import { startEmbedded, type Embedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { differences, type Figures } from '../support/figures.ts'
import { startInstallation, type Installation } from '../support/installation.ts'
import { answer, command } from '../support/redis/command.ts'
import { until } from '../support/until.ts'
import { simulatedShift, type Shift } from './shift/shift.ts'

let shift: Shift
beforeAll(async () => void (shift = await simulatedShift()))
afterAll(() => shift?.[Symbol.asyncDispose]())

const alerting = { alerts: { rules: [{ name: 'customer-waiting', limit: '1s' }] } }

/** A customer whom nobody answers; returns when that is an alert. `alertsUrl`: of the alerter. */
async function alertFires(client: Client, alertsUrl: string, tenant: string): Promise<void> {
  const contactId = 'c-waits'
  await client.send(tenant, [
    eventOf(tenant, 'contact.opened', {
      contactId,
      channel: 'chat',
      queue: 'billing',
      customerId: contactId,
    }),
    eventOf(tenant, 'message.sent', { contactId, from: 'customer' }),
  ])
  const listed = async (): Promise<string> =>
    (await fetch(`${alertsUrl}/v1/tenants/${tenant}/alerts`)).text()
  await until('the alert fires', listed, (text) => text.includes(contactId))
}

/** Ids of what was said of that alert, as often as it stands there. */
async function idsOfAlert(
  log: EventLog,
  partitions: number,
  topic: string,
): Promise<readonly string[]> {
  const pages = Array.from({ length: partitions }, (_, partition) =>
    log.read(topic, partition as PartitionId, 0 as Offset, 100_000),
  )
  const isOf = ({ value }: LogRecord): boolean =>
    value !== null && Buffer.from(value).toString().includes('c-waits')
  const all = (await Promise.all(pages)).flat().filter(isOf)
  return all.map(({ headers }) => headers[outboxIdHeader] ?? '').toSorted()
}

const countOf = (figures: Figures): number =>
  figures.values().reduce((sum, { count = 0 }) => sum + count, 0)

/** Nothing is closed: what comes next is to be seen at once. */
const closing = { grace: '36500d' }

describe('the embedded product', () => {
  let product: Embedded
  let before: Figures
  beforeAll(async () => {
    product = await startEmbedded({
      tenants: { acme: { timeZone: 'Asia/Kathmandu', closing } },
      ...alerting,
    })
    await done(shift.replay('acme', product.service.url))
    await product.client.caughtUp('acme')
    before = await shift.figures(product.client, 'acme')
    expect(countOf(before)).toBeGreaterThan(1_000)
  })
  afterAll(() => product?.[Symbol.asyncDispose]())

  async function expectSameFigures(): Promise<void> {
    await product.service.start()
    await product.client.caughtUp('acme')
    expect(differences(await shift.figures(product.client, 'acme'), before)).toEqual([])
  }

  function changeStore(sql: string): void {
    const database = new DatabaseSync(join(product.dataDir, 'store.sqlite'))
    database.exec(sql)
    database.close()
  }

  const made = (): string => join(product.dataDir, 'store-rebuilding.sqlite')

  test('its store is removed: the next start folds the log again, to the same values', async () => {
    await product.service.end('SIGTERM')
    const files = (await readdir(product.dataDir)).filter((file) => file.startsWith('store.sqlite'))
    expect(files).toContain('store.sqlite')
    await Promise.all(files.map((file) => rm(join(product.dataDir, file))))
    await expectSameFigures()
  })

  test('while it runs a rebuild is refused', async () => {
    const refused = startDeskpulse('rebuild', '--data-dir', product.dataDir)
    expect(await refused.ended).toMatchObject({ code: 1 })
    expect(refused.err()).toBe(
      `deskpulse: ${product.dataDir} is in use by another process: stop the product, then rebuild\n`,
    )
    expect((await product.service.readiness()).ready).toBe(true)
  })

  test('a state of other folds is refused with what to do; that gives the same values, and tells no alert again', async () => {
    await alertFires(product.client, product.service.url, 'acme')
    await product.service.end('SIGTERM')
    changeStore(`UPDATE records SET bytes = CAST('1' AS BLOB) WHERE key = 'fold-version'`)
    await product.service.start().catch(() => {}) // It may be ready before it meets the state.
    expect(await product.service.process().ended).toMatchObject({ code: 1 })
    expect(product.service.process().err()).toContain(
      'make the state again from the log with deskpulse rebuild',
    )
    const alerts = await idsIn(product.dataDir)
    expect(alerts.length).toBeGreaterThan(0)
    expect(await deskpulse('rebuild', '--data-dir', product.dataDir)).toContain(
      'the state was made again from the log',
    )
    await expectSameFigures()
    await product.service.end('SIGTERM')
    expect(await idsIn(product.dataDir)).toEqual(alerts)
    await product.service.start()
  })

  test('a rebuild that is killed leaves the state that stood; the next one throws the half away', async () => {
    await product.service.end('SIGTERM')
    const killed = startDeskpulse('rebuild', '--data-dir', product.dataDir)
    await until('the new state has begun', () => existsSync(made()), Boolean, { everyMs: 1 })
    expect(await killed.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })
    expect(existsSync(made())).toBe(true)
    await expectSameFigures()

    await product.service.end('SIGTERM')
    changeStore('DELETE FROM records WHERE rowid % 2 = 0')
    const again = startDeskpulse('rebuild', '--data-dir', product.dataDir)
    await done(again)
    expect(again.err()).toContain(`${made()} is of a rebuild that did not end: it is thrown away`)
    expect(existsSync(made())).toBe(false)
    await expectSameFigures()
  })
})

/** Of the files of a product that is stopped. */
async function idsIn(dataDir: string): Promise<readonly string[]> {
  const log = embeddedEventLog({ file: join(dataDir, 'log.sqlite') })
  try {
    return await idsOfAlert(log, 1, topicNames().alerts)
  } finally {
    await log.close()
  }
}

describe('Kafka and Redis', () => {
  let at: Installation
  const partitions = 3
  const settings = { pseudonymise: { key: 'a secret of the tests' }, closing }
  beforeAll(async () => {
    const tenants = Object.fromEntries(
      ['before', 'meanwhile', 'afterwards'].map((tenant) => [tenant, settings]),
    )
    at = await startInstallation({ tenants, partitions, aggregators: 2, alerters: 1, ...alerting })
  })
  afterAll(() => at?.[Symbol.asyncDispose]())

  const generationNow = async (): Promise<string> =>
    (await answer(at.redis.port, 'HGET dp:partitions current')).split('\r\n')[1] ?? ''
  const keysOf = async (generation: string): Promise<number> =>
    Number(
      (
        await command(at.redis.port, `EVAL "return #redis.call('KEYS', 'dp:${generation}:*')" 0`)
      ).slice(1),
    )

  test('killed in the middle, a rebuild harms nobody; the next one goes to its end while events come', async () => {
    await done(shift.replay('before', at.ingest.url))
    await at.caughtUp('before')
    const before = await shift.figures(at.client, 'before')
    expect(countOf(before)).toBeGreaterThan(1_000)

    const killed = startDeskpulse('rebuild', '--config', at.configFile)
    await until(
      'the new generation has begun',
      () => keysOf('2'),
      (keys) => keys > 0,
      { everyMs: 5 },
    )
    await killed.end('SIGKILL')
    expect(await generationNow()).toBe('1')
    await at.caughtUp('before')
    expect(differences(await shift.figures(at.client, 'before'), before)).toEqual([])

    await alertFires(at.client, at.alerters[0]!.url, 'before')
    const alertsBefore = await idsOfAlert(at.log, partitions, at.topics.alerts)
    expect(alertsBefore.length).toBeGreaterThan(0)
    let isRebuilt = false
    // The same events again change nothing, but the log goes on growing, however long a rebuild takes.
    const whileItIsMade = async (): Promise<void> => {
      do await done(shift.replay('meanwhile', at.ingest.url, '--rate', '300'))
      while (!isRebuilt)
    }
    const coming = whileItIsMade()
    coming.catch(() => {}) // It is waited for below.
    const services = [at.ingest, at.api, ...at.aggregators, ...at.alerters]
    const rebuild = startDeskpulse('rebuild', '--config', at.configFile)
    await done(rebuild)
    isRebuilt = true
    expect(rebuild.err()).toContain(
      'generation 2 was left behind by a rebuild that was ended: it is removed',
    )
    expect(await generationNow()).toBe('3')
    expect([await keysOf('1'), await keysOf('2')]).toEqual([0, 0])

    await coming
    await done(shift.replay('afterwards', at.ingest.url))
    for (const tenant of ['before', 'meanwhile', 'afterwards']) {
      await at.caughtUp(tenant)
      expect(differences(await shift.figures(at.client, tenant), before)).toEqual([])
    }
    expect(services.map((service) => service.process().hasEnded())).not.toContain(true)
    expect(await keysOf('1')).toBe(0)
    expect(await idsOfAlert(at.log, partitions, at.topics.alerts)).toEqual(alertsBefore)
  })

  test('rows that are exported while the services run come to what the API says', async () => {
    const figures = await shift.figures(at.client, 'before')
    const [name, opened] = [...figures].find(([one]) => one.endsWith(' all contacts_opened'))!
    const [from, to] = name.split(' ')[0]!.split('/') as [string, string]
    const folder = await mkdtemp(join(tmpdir(), 'deskpulse-export-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'contact.ndjson')
    const log = ['--tenant', 'before', '--config', at.configFile]
    const wanted = ['--grain', 'contact', '--from', from, '--to', to, '--output', file]
    await deskpulse('export', ...log, ...wanted)
    const text = await readFile(file, 'utf8')
    const isOpened = ({ openedAt }: { readonly openedAt: string | null }): boolean =>
      openedAt !== null &&
      Date.parse(openedAt) >= Date.parse(from) &&
      Date.parse(openedAt) < Date.parse(to)
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.filter(isOpened)).toHaveLength(opened.value!)
    expect(opened.value).toBeGreaterThan(10)
  })

  test('a state of other folds is not read: who reads it is not ready, and is again once a rebuild has made it anew', async () => {
    const readers = [at.api, ...at.alerters]
    const live = `${at.api.url}/v1/tenants/before/kpis/live?kpis=backlog`
    const standing = async (): Promise<readonly unknown[]> => [
      (await fetch(live)).status,
      ...(await Promise.all(readers.map(async (one) => (await one.readiness()).ready))),
    ]
    const until503 = (state: readonly unknown[]): boolean =>
      JSON.stringify(state) === '[503,false,false]'
    const untilServed = (state: readonly unknown[]): boolean =>
      JSON.stringify(state) === '[200,true,true]'
    await until('all is well', standing, untilServed)
    const other = "for _, key in ipairs(redis.call('KEYS', '*:fold-version'))"
    await command(at.redis.port, `EVAL "${other} do redis.call('SET', key, '1') end return 1" 0`)
    await until('nobody reads it', standing, until503)
    const [api] = await Promise.all(readers.map((one) => one.readiness()))
    expect(api!.reasons['fold-version']).toMatch(
      /^partition \d was folded by version 1 of the folds/,
    )

    await done(startDeskpulse('rebuild', '--config', at.configFile))
    await until('it is read again', standing, untilServed)
  })
})
