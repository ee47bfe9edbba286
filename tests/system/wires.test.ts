import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { selfSigned } from '../support/certificate.ts'
import { type Client, clientAt } from '../support/client.ts'
import { done } from '../support/deskpulse.ts'
import { eventOf } from '../support/events.ts'
import { type SecuredKafka, securedKafka } from '../support/kafka/secured.ts'
import { freePorts } from '../support/kafka/free-ports.ts'
import { startProcess, type TestProcess } from '../support/processes.ts'
import { redisTlsFiles, type SecuredRedis, securedRedis } from '../support/redis/secured.ts'
import { type Service, service } from '../support/services.ts'
import { shippedRulesOff } from '../support/shipped-rules.ts'
import { startTokenServer, type TokenServer } from '../support/token-server.ts'
import { until } from '../support/until.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts'

const tenant = 'acme'
const canary = 'CANARY-of-a-secret'
const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
const redisUser = (/^user (deskpulse .*)$/mu.exec(page)?.[1] ?? '').replace('PASSWORD', canary)

/** Everything secured: Kafka by tokens over TLS, Redis by the documented user and a certificate, HTTPS, a webhook by token and certificate; every secret is in a file. */
describe('an installation that trusts nobody', { timeout: 180_000 }, () => {
  const started = new AsyncDisposableStack()
  const names = ['ingest', 'aggregator', 'api', 'alerter'] as const
  let folder: string
  let kafka: SecuredKafka
  let redis: SecuredRedis
  let authority: TokenServer
  let receiver: WebhookReceiver
  let configFile: string
  let services: Readonly<Record<(typeof names)[number], Service>>
  let client: Client
  const processes: TestProcess[] = []

  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const env = (): Readonly<Record<string, string>> => ({
    DESKPULSE_CONFIG: configFile,
    DESKPULSE_REDIS__PASSWORD_FILE: join(folder, 'redis.password'),
  })

  async function servers(): Promise<void> {
    const files = await redisTlsFiles()
    started.defer(() => files.remove())
    redis = await securedRedis(files, [redisUser])
    started.defer(() => redis.stop())
    kafka = await securedKafka(canary)
    started.defer(() => kafka.stop())
    authority = await startTokenServer(300)
    started.defer(() => authority.stop())
    const own = selfSigned({ hosts: ['deskpulse', '127.0.0.1'] })
    setDefaultCACertificates([...getCACertificates('default'), own.cert])
    receiver = await startWebhookReceiver(() => false, { ...own, ca: files.client.cert })
    started.defer(() => receiver.stop())
    const file = async (name: string, text: string) => ({ file: await write(name, text) })
    await write('redis.password', `${canary}\n`)
    const shown = {
      cert: await file('client.pem', files.client.cert),
      key: await file('client.key', files.client.key),
    }
    const config = {
      tenants: { [tenant]: { pseudonymise: { key: await file('tenant.key', canary) } } },
      kafka: {
        brokers: kafka.securedBrokers['SASLTLS'],
        partitions: 2,
        ssl: { ca: await file('kafka.pem', kafka.ca) },
        sasl: {
          mechanism: 'oauthbearer',
          tokenUrl: authority.url,
          clientId: 'deskpulse',
          clientSecret: await file('client.secret', canary),
        },
      },
      redis: {
        url: `redis://127.0.0.1:${redis.tlsPort}`,
        username: 'deskpulse',
        tls: { ca: await file('redis.pem', files.ca), ...shown },
      },
      http: {
        tls: { cert: await write('own.pem', own.cert), key: await write('own.key', own.key) },
      },
      alerts: {
        allowPrivateAddresses: true,
        endpoints: [
          {
            name: 'floor',
            kind: 'webhook',
            url: `${receiver.url}/${canary}`,
            secret: await file('hook.secret', receiver.secret),
            token: await file('hook.token', canary),
            tls: { ca: await file('hook.pem', own.cert), ...shown },
          },
        ],
        rules: [
          { name: 'customer-waiting', limit: '1s', waits: ['reply'] },
          ...shippedRulesOff('customer-waiting'),
        ],
      },
      log: { level: 'trace' },
    }
    configFile = await write('deskpulse.yaml', JSON.stringify(config))
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deskpulse-wires-'))
    started.defer(() => rm(folder, { recursive: true, force: true }))
    await servers()
    const ports = await freePorts(names.length as number)
    const made = names.map((name, at): [string, Service] => {
      const port = ports[at] ?? 0
      const main = `services/${name}/src/main.ts`
      const more = { ...env(), DESKPULSE_HTTP__PORT: String(port) }
      const one = service({ main, port, secure: true, env: more })
      started.defer(async () => void (await one.end('SIGKILL')))
      return [name, one]
    })
    services = Object.fromEntries(made) as typeof services
    await services.ingest.start()
    await Promise.all(
      ['aggregator', 'api', 'alerter'].map((name) => services[name as 'api'].start()),
    )
    client = clientAt(services.ingest.url, services.api.url)
    for (const name of names) processes.push(services[name].process())
  }, 300_000)
  afterAll(() => started.disposeAsync())

  test('counts what it is sent, and tells a supervisor', async () => {
    const at = { contactId: 'c-1' }
    await client.send(tenant, [
      eventOf(tenant, 'contact.opened', {
        ...at,
        channel: 'chat',
        queue: 'billing',
        customerId: 'u',
      }),
      eventOf(tenant, 'message.sent', { ...at, from: 'customer' }),
    ])
    await client.caughtUp(tenant)
    const { rows } = await client.live(tenant, { window: '15m', kpis: 'contacts_opened' })
    expect(rows[0]?.kpis['contacts_opened']?.value).toBe(1)
    const [delivery] = await receiver.until('the supervisor was told', (all) => all.length > 0)
    expect(delivery).toMatchObject({
      authorization: `Bearer ${canary}`,
      told: { type: 'alert.firing', data: { contactId: 'c-1' } },
    })
    expect(receiver.refused()).toEqual([])
  })

  test('says https, and answers nobody without TLS', async () => {
    for (const name of names) {
      expect(services[name].process().out()).toContain(`"address":"${services[name].url}"`)
      await expect(fetch(services[name].url.replace('https', 'http'))).rejects.toThrow()
    }
  })

  test('is looked after by deskpulse, with the same environment', async () => {
    const run = async (...args: string[]): Promise<string> => {
      const command = startProcess('services/cli/src/main.ts', { args, env: env() })
      processes.push(command)
      return done(command)
    }
    const brokers = (kafka.securedBrokers['SASLTLS'] ?? []).join(',')
    expect(await run('dead-letters', 'list', '--brokers', brokers)).toContain('0 refused inputs')
    const before = await client.live(tenant, { window: '15m', kpis: 'contacts_opened' })
    await run('rebuild', '--config', configFile)
    const again = () => client.live(tenant, { window: '15m', kpis: 'contacts_opened' })
    await until(
      'the rebuilt state is read',
      again,
      ({ rows }) => rows.length === before.rows.length,
    )
    expect(await run('config', 'print', configFile)).toContain('"clientSecret": "***"')
    expect(await run('config', 'check', configFile)).toContain('can be used')
  })

  test('a service whom Redis or the authority refuses says so, and no secret', async () => {
    await write('redis.password', 'another CANARY')
    authority.answer({ status: 401, body: `{"error":"invalid_client","said":"${canary}"}` })
    const [port = 0] = await freePorts(1)
    const start = (name: string, more: Readonly<Record<string, string>> = {}): TestProcess => {
      const one = startProcess(`services/${name}/src/main.ts`, {
        env: { ...env(), DESKPULSE_HTTP__PORT: String(port), ...more },
      })
      processes.push(one)
      started.defer(async () => void (await one.end('SIGKILL')))
      return one
    }
    const api = start('api')
    expect(await api.ended).toMatchObject({ code: 1 })
    expect(api.out() + api.err()).toContain('WRONGPASS')
    const ingest = start('ingest')
    const printed = (): string => ingest.out() + ingest.err()
    await until(
      'it says why',
      printed,
      (text) => text.includes('invalid_client') || text.includes('WRONGPASS'),
    )
    await ingest.end('SIGTERM')
    await write('redis.password', canary)
    authority.answer(null)
  })

  test('no secret is in what any address answers', async () => {
    for (const name of names) {
      const { url } = services[name]
      const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
        readonly paths: Readonly<Record<string, object>>
      }
      const paths = Object.entries(document.paths).filter(([, item]) => 'get' in item)
      expect(paths.length).toBeGreaterThan(2)
      for (const [path] of [...paths, ['/nowhere'], ['/']]) {
        const asked = `${url}${(path ?? '').replace('{tenant}', tenant).replaceAll(/\{[^}]+\}/g, 'floor')}`
        const answer = await fetch(asked, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
        const text = await answer?.text().catch(() => '')
        expect(`${asked} ${text}`).not.toContain('CANARY')
      }
    }
  })

  test('no secret is in what any process prints, whatever went wrong', async () => {
    await redis.kill()
    const unready = async (): Promise<boolean> => (await services.api.readiness()).ready
    await until('the API misses Redis', unready, (ready) => !ready)
    for (const one of processes) {
      const printed = one.out() + one.err()
      expect(printed.length).toBeGreaterThan(0)
      expect(printed).not.toContain('CANARY')
      expect(printed).not.toContain('PRIVATE KEY')
      expect(printed).not.toContain(receiver.secret)
    }
  })
})
