import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventOf } from '../support/events.ts'
import { holdingProxy, type HoldingProxy } from '../support/holding-proxy.ts'
import { startInstallation, type Installation } from '../support/installation.ts'
import { freePorts } from '../support/kafka/free-ports.ts'
import { service, type Service } from '../support/services.ts'
import { until } from '../support/until.ts'

const tenant = 'acme'

let at: Installation
let proxy: HoldingProxy
/** Reaches Redis through the proxy. */
let worker: Service
beforeAll(async () => {
  at = await startInstallation({
    tenants: { [tenant]: { pseudonymise: { key: 'a secret of the tests' } } },
    partitions: 1,
    aggregators: 0,
  })
  proxy = await holdingProxy(`127.0.0.1:${at.redis.port}`)
  const [port = 0] = await freePorts(1)
  const env = {
    DESKPULSE_CONFIG: at.configFile,
    DESKPULSE_HTTP__PORT: String(port),
    DESKPULSE_REDIS__URL: `redis://127.0.0.1:${proxy.port}`,
  }
  worker = service({ main: 'services/aggregator/src/main.ts', port, env })
  await worker.start()
  await at.caughtUp(tenant)
})
afterAll(async () => {
  await worker?.end('SIGKILL')
  await proxy?.close()
  await at?.[Symbol.asyncDispose]()
})

const opened = async (): Promise<unknown> => {
  const { rows } = await at.client.live(tenant, {
    slice: 'all',
    window: 'today',
    kpis: 'contacts_opened',
  })
  return rows[0]?.kpis['contacts_opened']?.value
}
const opening = (contactId: string) =>
  eventOf(tenant, 'contact.opened', { contactId, channel: 'chat', queue: 'billing' })

test('a commit that left a worker before it froze, and comes to Redis after another one took over, is refused', async () => {
  const script = await readFile(
    new URL('../../packages/redis/src/scripts/commit.lua', import.meta.url),
    'utf8',
  )
  proxy.holdFrom(createHash('sha1').update(script).digest('hex'))
  await at.client.send(tenant, [opening('c-1')])
  await until('a commit is under way', proxy.isHolding, Boolean)
  worker.process().signal('SIGSTOP')

  const [port = 0] = await freePorts(1)
  const env = { DESKPULSE_CONFIG: at.configFile, DESKPULSE_HTTP__PORT: String(port) }
  const other = service({ main: 'services/aggregator/src/main.ts', port, env })
  try {
    await other.start()
    await at.caughtUp(tenant)
    expect(await opened()).toBe(1)
    proxy.release()
    await until('Redis answered the old commit', proxy.answered, (text) => text.includes('fenced'))
    worker.process().signal('SIGCONT')
    await at.client.send(tenant, [opening('c-2')])
    await at.caughtUp(tenant)
    expect(await opened()).toBe(2)
    expect(worker.process().hasEnded()).toBe(false)
  } finally {
    await other.end('SIGKILL')
  }
})
