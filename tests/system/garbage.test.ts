import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeadLetter } from '@deskpulse/contract'
import { boundedTopic, type PartitionId } from '@deskpulse/stream'
import type { Client } from '../support/client.ts'
import { startEmbedded, type Embedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { startInstallation, type Installation } from '../support/installation.ts'
import { until } from '../support/until.ts'
import { garbage, type Garbage } from './garbage/garbage.ts'
import { expectCanonical, expectListed, expectOriginal, readLetters } from './garbage/letters.ts'

const tenant = 'acme'
/** Nothing is closed: what comes next is to be seen at once. */
const closing = { grace: '36500d' }
const tenants = { [tenant]: { pseudonymise: { key: 'a secret of the tests' }, closing } }

const goodEvent = () =>
  eventOf(
    tenant,
    'contact.opened',
    { contactId: crypto.randomUUID(), channel: 'ticket' },
    { time: '2002-06-15T12:00:00Z' },
  )

/** The good events that follow garbage are all counted, and nothing else is. */
async function soonCounted(client: Client, count: number): Promise<void> {
  const year = { period: 'year', from: '2002-01-01', to: '2003-01-01', kpis: 'contacts_opened' }
  const counted = async () =>
    (await client.periods(tenant, year))[0]?.kpis['contacts_opened']?.value
  await until(`${count} good events are counted`, counted, (value) => value === count)
}

async function expectRefusal(
  client: Client,
  { code, path, status }: Garbage,
  bytes: Buffer,
): Promise<void> {
  const answer = await client.post(tenant, bytes)
  expect(answer.status).toBe(status)
  if (status === 422)
    expect(answer.body).toMatchObject({
      accepted: 0,
      refused: 1,
      refusals: [{ index: 0, code, path }],
    })
  else expect(answer.body).toMatchObject({ status, code, errors: [{ path }] })
}

describe('garbage on Kafka and Redis', () => {
  const partitions = 2
  let at: Installation
  let good = 0

  beforeAll(async () => {
    at = await startInstallation({ tenants, partitions, aggregators: 1 })
  })
  afterAll(() => at?.[Symbol.asyncDispose]())

  const letters = () =>
    readLetters({
      read: (from, limit) => at.log.read(at.topics.deadLetter, 0 as PartitionId, from, limit),
    })

  /** The letters after the first `known`, as soon as there is one. */
  async function newLetter(known: number): Promise<DeadLetter> {
    const all = await until('there is a dead letter', letters, (found) => found.length > known)
    expect(all).toHaveLength(known + 1)
    return all[known]!
  }

  test.each(garbage)(
    'over HTTP: $what is answered $status, is a dead letter $code with its bytes, and stops nothing',
    async (kind) => {
      const known = (await letters()).length
      const bytes = kind.bytes(tenant)
      await expectRefusal(at.client, kind, bytes)
      expectOriginal(await newLetter(known), bytes, kind.code)
      await at.client.send(tenant, [goodEvent()])
      await soonCounted(at.client, ++good)
    },
  )

  test.each(garbage)(
    'in the raw topic: $what is a dead letter, and stops nothing',
    async (kind) => {
      const known = (await letters()).length
      const bytes = kind.bytes(tenant)
      const records = [bytes, Buffer.from(JSON.stringify(goodEvent()))].map((value) => ({
        key: null,
        value,
      }))
      await at.log.append(at.topics.raw, (good % partitions) as PartitionId, records)
      const { code, by } = kind.inRawTopic ?? { code: kind.code, by: 'ingest' }
      const letter = await newLetter(known)
      if (by === 'ingest') expectOriginal(letter, bytes, code)
      else {
        expectCanonical(letter, bytes, code)
        expectListed(await at.client.refusals(tenant), letter)
      }
      await soonCounted(at.client, ++good)
    },
  )
})

describe('garbage in the embedded product', () => {
  let product: Embedded
  const sent: { readonly bytes: Buffer; readonly code: string }[] = []

  beforeAll(async () => {
    product = await startEmbedded({ tenants })
  })
  afterAll(() => product?.[Symbol.asyncDispose]())

  test.each(garbage)('$what is answered $status, and stops nothing', async (kind) => {
    const bytes = kind.bytes(tenant)
    await expectRefusal(product.client, kind, bytes)
    sent.push({ bytes, code: kind.code })
    await product.client.send(tenant, [goodEvent()])
    await soonCounted(product.client, sent.length)
  })

  test('is in the dead-letter topic, each with its code and its bytes', async () => {
    await product.service.end('SIGTERM')
    const topic = boundedTopic({ file: join(product.dataDir, 'dead-letters.sqlite') })
    const found = await readLetters(topic)
    await topic.close()
    expect(found).toHaveLength(garbage.length)
    found.forEach((letter, n) => expectOriginal(letter, sent[n]!.bytes, sent[n]!.code))
  })
})
