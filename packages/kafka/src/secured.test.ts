import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventLog, Offset, PartitionId } from '@deskpulse/stream'
import { type SecuredKafka, securedKafka } from '../../../tests/support/kafka/secured.ts'
import { startTokenServer, type TokenServer } from '../../../tests/support/token-server.ts'
import { until } from '../../../tests/support/until.ts'
import type { KafkaAccess } from './client/access.ts'
import { kafkaEventLog } from './event-log.ts'

const password = 'CANARY-of-the-password'
const clientSecret = 'CANARY of/the:secret'
let kafka: SecuredKafka
let authority: TokenServer
const logged: string[] = []

beforeAll(async () => {
  kafka = await securedKafka(password)
  authority = await startTokenServer(31)
}, 180_000)
afterAll(() => Promise.all([kafka?.stop(), authority?.stop()]))

/** As the configuration is given: frozen through. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen)
    Object.freeze(value)
  }
  return value
}

async function withLog<Answer>(
  listener: string,
  access: KafkaAccess,
  act: (log: EventLog) => Promise<Answer>,
): Promise<Answer> {
  const log = kafkaEventLog({
    brokers: kafka.securedBrokers[listener] ?? [],
    clientId: 'secured',
    ...frozen(access),
    logger: (level, message, detail) =>
      void logged.push(`${level} ${message} ${JSON.stringify(detail)}`),
  })
  try {
    return await act(log)
  } finally {
    await log.close()
  }
}

const partition = 0 as PartitionId

/** Writes to a topic of its own, reads it and consumes it. */
async function use(log: EventLog): Promise<void> {
  const name = `secured-${randomUUID()}`
  await log.ensureTopics([{ name, partitions: 1, settings: {} }])
  await log.append(name, partition, [{ key: null, value: Buffer.from('told') }])
  const records = await log.read(name, partition, 0 as Offset, 10)
  expect(records.map(({ value }) => Buffer.from(value ?? []).toString())).toEqual(['told'])
  expect(await log.ping()).toBe(true)
}

const sasl = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', said = password) => ({
  mechanism,
  username: 'deskpulse',
  password: said,
})
const oauth = () => ({
  mechanism: 'oauthbearer' as const,
  tokenUrl: authority.url,
  clientId: 'deskpulse',
  clientSecret,
  scope: 'kafka',
})

describe('who is let in', { timeout: 60_000 }, () => {
  test('TLS with the authority of the brokers', async () => {
    await withLog('TLS', { ssl: { ca: kafka.ca } }, use)
    await withLog('TLS', { ssl: { ca: kafka.ca, servername: 'localhost' } }, use)
  })

  test('TLS with a certificate of the client', async () => {
    await withLog('MTLS', { ssl: { ca: kafka.ca, ...kafka.client } }, use)
  })

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('%s', async (mechanism) => {
    await withLog('SASLTLS', { ssl: { ca: kafka.ca }, sasl: sasl(mechanism) }, use)
  })

  test('plain without TLS', async () => {
    await withLog('SASL', { sasl: sasl('plain') }, use)
  })

  test('a token, which is asked for as RFC 6749 says, and again before it ends, while the log is used', async () => {
    await withLog('SASLTLS', { ssl: { ca: kafka.ca }, sasl: oauth() }, async (log) => {
      await use(log)
      const [first] = authority.asked
      const [scheme, credentials = ''] = first?.authorization.split(' ') ?? []
      expect([scheme, Buffer.from(credentials, 'base64').toString()]).toEqual([
        'Basic',
        'deskpulse:CANARY+of%2Fthe%3Asecret',
      ])
      expect(first?.body).toBe('grant_type=client_credentials&scope=kafka')
      const before = authority.asked.length
      const name = `secured-${randomUUID()}`
      await log.ensureTopics([{ name, partitions: 1, settings: {} }])
      const againAndAgain = async (): Promise<number> => {
        await log.append(name, partition, [{ key: null, value: Buffer.from('more') }])
        return authority.asked.length
      }
      await until('more tokens were asked for', againAndAgain, (asked) => asked >= before + 2)
    })
  })
})

describe('who is not', { timeout: 120_000 }, () => {
  const cases: readonly { name: string; listener: string; access: () => KafkaAccess }[] = [
    { name: 'brokers whom nobody vouches for', listener: 'TLS', access: () => ({ ssl: {} }) },
    {
      name: 'brokers of another name',
      listener: 'TLS',
      access: () => ({ ssl: { ca: kafka.ca, servername: 'other.example' } }),
    },
    {
      name: 'a client without a certificate',
      listener: 'MTLS',
      access: () => ({ ssl: { ca: kafka.ca } }),
    },
    {
      name: 'a wrong password',
      listener: 'SASLTLS',
      access: () => ({ ssl: { ca: kafka.ca }, sasl: sasl('plain', `${password}!`) }),
    },
    {
      name: 'a wrong password of SCRAM',
      listener: 'SASLTLS',
      access: () => ({ ssl: { ca: kafka.ca }, sasl: sasl('scram-sha-512', `${password}!`) }),
    },
    { name: 'nobody', listener: 'SASL', access: () => ({}) },
  ]
  test.each(cases)('$name', async ({ listener, access }) => {
    expect(await withLog(listener, access(), (log) => log.ping())).toBe(false)
  })

  test('a client whom the authority refuses: said with its code, and with nothing else of its answer', async () => {
    authority.answer({ status: 401, body: `{"error":"invalid_client","hint":"${clientSecret}"}` })
    const asking = withLog('SASLTLS', { ssl: { ca: kafka.ca }, sasl: oauth() }, (log) =>
      log.partitionCount('any'),
    )
    await expect(asking).rejects.toMatchObject({
      code: 'LOG_UNAVAILABLE',
      message: expect.stringContaining('no token for Kafka: HTTP 401, invalid_client'),
    })
    authority.answer(null)
  })

  test('no secret is in an error', async () => {
    const access = { ssl: { ca: kafka.ca }, sasl: sasl('plain', `${password}!`) }
    const error: unknown = await withLog('SASLTLS', access, (log) =>
      log.partitionCount('any'),
    ).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('Authentication failed')
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('CANARY')
  })

  test('no secret is in the log of the client', () => {
    expect(logged.length).toBeGreaterThan(0)
    expect(logged.join('\n')).not.toContain('CANARY')
  })
})
