import { closeSync, openSync, writeSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { startEmbedded, type Embedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { until } from '../support/until.ts'

const config = { tenants: { acme: { customersArePseudonyms: true } } }
const opened = (contactId: string): object =>
  eventOf('acme', 'contact.opened', { contactId, channel: 'chat', queue: 'q' })

async function used(): Promise<Embedded> {
  const product = await startEmbedded(config)
  await product.client.send('acme', [opened('c-1'), opened('c-2')])
  await product.client.caughtUp('acme')
  await product.service.end('SIGTERM')
  return product
}

const companionsOf = async ({ dataDir }: Embedded, name: string): Promise<string[]> =>
  (await readdir(dataDir)).filter((file) => file.startsWith(name))

/** What the product says as it ends, by itself, and how. */
async function lastWords({ service }: Embedded): Promise<string> {
  await service.start().catch(() => {}) // It may end before it is seen ready.
  await until('it has ended', () => service.process().hasEnded(), Boolean)
  expect(await service.process().ended).toEqual({ code: 1, signal: null })
  return service.process().out() + service.process().err()
}

test.each([
  { name: 'log.sqlite', mend: 'put back a copy' },
  { name: 'store.sqlite', mend: 'remove it, with its -wal and -shm: the log is folded again' },
  {
    name: 'alerts.sqlite',
    mend: 'silences, acknowledgements and the delivery log are lost with it',
  },
])(
  '$name whose head is damaged is named in a sentence, without a stack, with what to do',
  async ({ name, mend }) => {
    await using product = await used()
    const file = join(product.dataDir, name)
    const fd = openSync(file, 'r+')
    writeSync(fd, Buffer.alloc(100, 'x'), 0, 100, 0)
    closeSync(fd)
    const said = await lastWords(product)
    expect(said).toContain(`${file} is damaged`)
    expect(said).toContain(mend)
    expect(said).not.toMatch(/^\s+at /m)
  },
)

test('a record of the log that is not what was written ends a rebuild by name: it is not counted', async () => {
  await using product = await used()
  const file = join(product.dataDir, 'log.sqlite')
  const database = new DatabaseSync(file)
  const slot = database.prepare("SELECT id FROM slots WHERE topic = 'deskpulse.log'").get()
  database
    .prepare(
      `UPDATE records_${Number(slot?.['id'])} SET value = zeroblob(length(value)) WHERE "offset" = 0`,
    )
    .run()
  database.close()
  for (const name of await companionsOf(product, 'store.sqlite'))
    await rm(join(product.dataDir, name))
  expect(await lastWords(product)).toContain(
    'the record at offset 0 of deskpulse.log/0 is not what was written',
  )
})

test('another log, longer than what the store was folded from, is refused by name', async () => {
  await using product = await used()
  const { dataDir, service, client } = product
  const kept = async (from: string, to: string): Promise<void> => {
    for (const name of await companionsOf(product, `${from}store.sqlite`)) {
      await rename(join(dataDir, name), join(dataDir, name.replace(`${from}store`, `${to}store`)))
    }
  }
  const file = join(dataDir, 'log.sqlite')
  const end = (): number => {
    const database = new DatabaseSync(file)
    const slot = database
      .prepare("SELECT next_offset FROM slots WHERE topic = 'deskpulse.log'")
      .get()
    database.close()
    return Number(slot?.['next_offset'])
  }
  const folded = end()
  for (const name of [
    ...(await companionsOf(product, 'log.sqlite')),
    ...(await companionsOf(product, 'alerts.sqlite')),
  ]) {
    await rm(join(dataDir, name))
  }
  await kept('', 'kept-')
  await service.start()
  const length = async (): Promise<number> => {
    await client.send('acme', [opened('other')])
    return (await service.scrape()).sum('deskpulse_records_read_total')
  }
  await until('the other log is longer', length, (records) => records > folded + 10)
  await service.end('SIGTERM')
  for (const name of await companionsOf(product, 'store.sqlite')) await rm(join(dataDir, name))
  await kept('kept-', '')
  expect(end()).toBeGreaterThan(folded)
  expect(await lastWords(product)).toContain('it is another log')
})
