import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deskpulse, done, startDeskpulse } from '../support/deskpulse.ts'
import { startEmbedded, type Embedded } from '../support/embedded.ts'
import { until } from '../support/until.ts'
import { expectTheRightFigures, figuresOf, hasHelpdeskFile, helpdeskFile, helpdeskTenant, type Figures } from './helpdesk/figures.ts'

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

async function figuresNow({ desk }: Embedded): Promise<Figures> {
  await desk.caughtUp('helpdesk')
  return figuresOf(desk, 'helpdesk')
}

describe.skipIf(!hasHelpdeskFile)('the help desk log in the embedded product', () => {
  let product: Embedded
  let once: Figures

  beforeAll(async () => {
    product = await startEmbedded(config)
    await deskpulse(...replay(product))
    once = await figuresNow(product)
  })
  afterAll(() => product[Symbol.asyncDispose]())

  test('gives exactly the figures that were computed independently, month by month in Rome', async () => {
    await expectTheRightFigures(once)
  })

  test('gives the same figures when it was replayed a second time', async () => {
    await deskpulse(...replay(product))
    expect(await figuresNow(product)).toEqual(once)
  })

  test('gives the same figures after SIGKILL and a new start', async () => {
    await product.service.end('SIGKILL')
    await product.service.start()
    expect(await figuresOf(product.desk, 'helpdesk')).toEqual(once)
  })

  test('gives the same figures when it comes in reverse', async () => {
    await using other = await startEmbedded(config)
    await deskpulse(...replay(other, '--reverse'))
    expect(await figuresNow(other)).toEqual(once)
  })

  test('gives the same figures when SIGKILL came in the middle, twice, and the replay went on with the next start', async () => {
    await using other = await startEmbedded(config)
    const command = startDeskpulse(...replay(other, '--batch', '100'))
    const accepted = async (): Promise<number> => (await other.service.scrape()).sum('deskpulse_events_accepted_total')
    for (const count of [3_000, 5_000]) {
      await until(`${count} events were accepted`, accepted, (seen) => seen >= count, { everyMs: 5 })
      expect(command.hasEnded()).toBe(false)
      await other.service.end('SIGKILL')
      await other.service.start()
    }
    await done(command)
    expect(await figuresNow(other)).toEqual(once)
  })
})
