import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deskpulse, done, startDeskpulse } from '../support/deskpulse.ts'
import type { PeriodRow } from '../support/client.ts'
import { startEmbedded, type Embedded } from '../support/embedded.ts'
import { until } from '../support/until.ts'
import {
  expectSameFigures,
  expectTheRightFigures,
  hasHelpdeskFile,
  helpdeskFile,
  helpdeskTenant,
  rowsOf,
} from './helpdesk/figures.ts'

const config = { tenants: { helpdesk: helpdeskTenant } }
const replay = ({ service }: Embedded, ...options: readonly string[]): readonly string[] => [
  'replay',
  helpdeskFile,
  '--tenant',
  'helpdesk',
  '--url',
  service.url,
  ...options,
]

async function rowsNow({ client }: Embedded): Promise<readonly PeriodRow[]> {
  await client.caughtUp('helpdesk')
  return rowsOf(client, 'helpdesk')
}

describe.skipIf(!hasHelpdeskFile)('the help desk log in the embedded product', () => {
  let product: Embedded
  let once: readonly PeriodRow[]

  beforeAll(async () => {
    product = await startEmbedded(config)
    await deskpulse(...replay(product))
    once = await rowsNow(product)
  })
  afterAll(() => product[Symbol.asyncDispose]())

  test('gives exactly the figures that were computed independently, month by month in Rome', async () => {
    await expectTheRightFigures(once)
  })

  test('gives the same figures when it was replayed a second time', async () => {
    await deskpulse(...replay(product))
    expectSameFigures(await rowsNow(product), once)
  })

  test('gives the same figures after SIGKILL and a new start', async () => {
    await product.service.end('SIGKILL')
    await product.service.start()
    expectSameFigures(await rowsOf(product.client, 'helpdesk'), once)
  })

  test('gives the same figures when it comes in reverse', async () => {
    await using other = await startEmbedded(config)
    await deskpulse(...replay(other, '--reverse'))
    expectSameFigures(await rowsNow(other), once)
  })

  test('gives the same figures when SIGKILL came in the middle, twice, and the replay went on with the next start', async () => {
    await using other = await startEmbedded(config)
    const command = startDeskpulse(...replay(other, '--batch', '100'))
    const accepted = async (): Promise<number> =>
      (await other.service.scrape()).sum('deskpulse_events_accepted_total')
    for (const count of [3_000, 5_000]) {
      await until(`${count} events were accepted`, accepted, (seen) => seen >= count, {
        everyMs: 5,
      })
      expect(command.hasEnded()).toBe(false)
      await other.service.end('SIGKILL')
      await other.service.start()
    }
    await done(command)
    expectSameFigures(await rowsNow(other), once)
  })
})
