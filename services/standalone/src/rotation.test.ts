import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeEvent, entryKinds } from '@deskpulse/contract'
import {
  decodeFrame,
  embeddedEventLog,
  type Offset,
  type PartitionId,
  topicNames,
} from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { workbench } from './testing/product.ts'

type Answer = {
  readonly accepted: number
  readonly refusals: readonly { readonly code: string; readonly path: string }[]
}

const eventOf = (id: string, type: string, atMs: number): object => ({
  ...{ specversion: '1.0', id, source: '/crm', type: `deskpulse.customer.${type}.v1` },
  ...{ tenant: 'acme', time: new Date(atMs).toISOString(), data: { customerId: 'u-1' } },
})

async function send(address: string, ...events: readonly object[]): Promise<Answer> {
  const response = await fetch(`${address}v1/tenants/acme/events`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/x-ndjson' } },
    body: events.map((event) => JSON.stringify(event)).join('\n'),
  })
  return (await response.json()) as Answer
}

/** What the log says of customers: by event, each under how many pseudonyms, however often. */
async function customersIn(dataDir: string): Promise<ReadonlyMap<string, string>> {
  const log = embeddedEventLog({ file: join(dataDir, 'log.sqlite') })
  const topic = topicNames().log
  const pages = await Promise.all(
    Array.from({ length: await log.partitionCount(topic) }, (_, partition) =>
      log.read(topic, partition as PartitionId, 0 as Offset, 10_000),
    ),
  )
  await log.close()
  const events = pages
    .flat()
    .flatMap(({ value }) => decodeFrame(value!).entries)
    .filter(({ kind }) => kind === entryKinds.event)
    .map(({ bytes, tenant }) => decodeEvent(bytes, tenant))
  const byId = Map.groupBy(events, ({ id }) => id)
  return new Map(
    [...byId].map(([id, all]) => [
      id,
      [...new Set(all.map(({ data }) => data.customerId!))].join(' and '),
    ]),
  )
}

test('the key that hides customers is rotated: each event under that of its time, over restarts and repeats; without the file that is in force nothing starts', async () => {
  await using bench = workbench()
  const first = bench.start('--no-simulator')
  const startedMs = Date.now()
  const before = eventOf('before', 'started', startedMs)
  expect(await send(await first.ready(), before)).toMatchObject({ accepted: 1 })
  await first.kill('SIGTERM')
  const keyBefore = readFileSync(join(bench.dataDir, 'customers.key'))

  // Soon after events of then are taken, 5 minutes ahead: within it the product has to start, and may be slow.
  const untilMs = (Math.ceil(Date.now() / 1_000) + 340) * 1_000
  const until = new Date(untilMs).toISOString().replace('.000Z', 'Z')
  const rotating = bench.start('--no-simulator', '--rotate-customers-key', until)
  const address = await rotating.ready()
  const last = eventOf('last', 'started', startedMs + 1)
  const at = eventOf('at', 'started', untilMs)
  await expect
    .poll(async () => (await send(address, at)).accepted, { timeout: 180_000, interval: 250 })
    .toBe(1)
  expect(await send(address, before, last)).toMatchObject({ accepted: 2 })
  await rotating.kill('SIGTERM')
  expect(readdirSync(bench.dataDir)).toContain(`customers.until-${until.replace(/[-:]/g, '')}.key`)
  expect(readFileSync(join(bench.dataDir, 'customers.key'))).not.toEqual(keyBefore)

  const later = bench.start('--no-simulator')
  const left = eventOf('left', 'left', untilMs)
  expect(await send(await later.ready(), before, last, at, left)).toMatchObject({ accepted: 4 })
  await later.kill('SIGTERM')
  const customers = await customersIn(bench.dataDir)
  const change = new Date(untilMs).toISOString()
  const [old, now] = [customers.get('before'), customers.get(`at:from-${change}`)]
  expect([old, now].every((one) => /^[\w-]{22}$/.test(one ?? ''))).toBe(true)
  expect(old).not.toBe(now)
  expect(Object.fromEntries(customers)).toEqual({
    ...{ before: old, last: old },
    ...{ [`at:from-${change}`]: now, [`left:from-${change}`]: now },
    ...{ [`at:until-${change}`]: old, [`left:until-${change}`]: old },
  })

  const previous = join(bench.dataDir, `customers.until-${until.replace(/[-:]/g, '')}.key`)
  rmSync(previous)
  const without = await bench.start('--no-simulator').ended
  expect(without).toMatchObject({ code: 1 })
  expect(without.err).toContain(
    `${previous} is missing, and customers are hidden under it until then`,
  )
  writeFileSync(previous, keyBefore)
  const restored = bench.start('--no-simulator')
  expect(await send(await restored.ready(), before, at, left)).toMatchObject({ accepted: 3 })
  const { out, err } = await restored.kill('SIGTERM')
  expect(`${out}${err}${without.err}`).not.toContain(keyBefore.toString('hex'))
})
