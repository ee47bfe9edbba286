import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Embedded, startEmbedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { until } from '../support/until.ts'

const tenant = 'acme'
const limitedTo = (valuesMax: number): object => ({
  tenants: { [tenant]: { slices: { valuesMax }, customersArePseudonyms: true } },
})

/** A contact in each of these queues, each of its own customer. */
const inQueues = (...queues: readonly string[]): object[] =>
  queues.map((queue, n) =>
    eventOf(tenant, 'contact.opened', {
      contactId: `${queue}-${n}-${performance.now()}`,
      channel: 'chat',
      queue,
    }),
  )

/** Contacts opened in the last hour, by slice, once `all` has so many. */
async function openedBySlice({ client }: Embedded, all: number): Promise<Record<string, unknown>> {
  const asked = {
    slice: ['all', 'channel=chat', 'queue=*'],
    window: '60m',
    kpis: 'contacts_opened',
  }
  const read = async (): Promise<Record<string, unknown>> => {
    const { rows } = await client.live(tenant, asked)
    return Object.fromEntries(
      rows.map(({ slice, kpis }) => [slice, kpis['contacts_opened']?.value]),
    )
  }
  return until(`${all} contacts are counted`, read, (found) => found['all'] === all, {
    withinMs: 60_000,
  })
}

async function rebuild({ service, dataDir }: Embedded): Promise<void> {
  const files = (await readdir(dataDir)).filter((file) => file.startsWith('store.sqlite'))
  await Promise.all(files.map((file) => rm(join(dataDir, file))))
  await service.start()
}

test('queues past the limit are counted and told; under a larger limit the state that is made again gives them slices', async () => {
  await using product = await startEmbedded(limitedTo(3))
  const { client, service } = product
  await client.send(tenant, inQueues('a', 'b', '*', 'd', 'e', 'a'))
  const other = {
    all: 6,
    'channel=chat': 6,
    'queue=a': 2,
    'queue=b': 1,
    'queue=%2A': 1,
    'queue=other': 2,
    'queue=none': 0,
  }
  expect(await openedBySlice(product, 6)).toEqual(other)
  const { total, rows } = await client.refusals(tenant)
  expect([total, rows.map(({ code, event }) => [code, event?.data])]).toEqual([
    2,
    [
      ['too-many-values', expect.objectContaining({ queue: 'e' })],
      ['too-many-values', expect.objectContaining({ queue: 'd' })],
    ],
  ])

  await service.end('SIGTERM')
  await product.configure(limitedTo(10))
  await service.start()
  await client.send(tenant, inQueues('e', 'f'))
  expect(await openedBySlice(product, 8)).toEqual({
    ...other,
    all: 8,
    'channel=chat': 8,
    'queue=other': 4,
  })

  await service.end('SIGTERM')
  await rebuild(product)
  const named = {
    'queue=a': 2,
    'queue=b': 1,
    'queue=%2A': 1,
    'queue=d': 1,
    'queue=e': 2,
    'queue=f': 1,
    'queue=none': 0,
  }
  expect(await openedBySlice(product, 8)).toEqual({ all: 8, 'channel=chat': 8, ...named })
  expect((await client.refusals(tenant)).total).toBe(0)
})
