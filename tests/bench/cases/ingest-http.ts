import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKey, openAccess } from '@deskpulse/access'
import { parseConfig } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { metricsOf, startIngest } from '@deskpulse/ingest'
import {
  createHealth,
  createLogger,
  createMetrics,
  type Guard,
  httpServer,
  openGuard,
} from '@deskpulse/runtime'
import { localSite } from '@deskpulse/runtime/testing'
import {
  accessTopicSpecs,
  embeddedEventLog,
  realTimer,
  topicNames,
  topicSpecs,
  type ChangeCursor,
  type EventLog,
  type Offset,
  type Snapshot,
} from '@deskpulse/stream'
import { noErasing } from '../../../services/ingest/src/testing/no-erasing.ts'
import { wireEvents } from '../data/events.ts'
import { post } from '../pipeline/post.ts'
import type { BenchCase } from './case.ts'
import { postAll } from './raw-posts.ts'

const eventsPerRequest = 1_000
const requestsAtOnce = 4
/** As many sources each of which sends what happens as it happens. */
const singlesAtOnce = 64
const topics = topicNames()
const nothing: Snapshot = {
  offset: 0 as Offset,
  logTimeMs: 0 as EpochMs,
  watermarkMs: 0 as EpochMs,
  cursor: '' as ChangeCursor,
  values: [null],
  lists: [],
  hashes: [],
  changed: 'lost',
}

/** Ingest whole: NDJSON over HTTP until the embedded log has it for good. The client is in the same process, so its share is counted too. */
export async function openIngestHttp(count: number): Promise<BenchCase> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-bench-'))
  const log = embeddedEventLog({ file: join(folder, 'log.db') })
  await log.ensureTopics(topicSpecs(topics, { logPartitions: 1, rawPartitions: 1 }))
  const { url, close } = await startServer(log)
  const bodies = bodiesOf(count)
  return {
    async close() {
      await close()
      await log.close()
      await rm(folder, { recursive: true })
    },
    async run() {
      const waiting = bodies.values()
      const client = async (): Promise<void> => {
        for (const { body, events } of waiting) await post(url, body, events)
      }
      await Promise.all(Array.from({ length: requestsAtOnce }, client))
      return count
    },
  }
}

/** One event a request, into a log that takes everything at once and keeps nothing: what a request costs. */
export const openIngestSingle = (count: number): Promise<BenchCase> => singles(count, openGuard)

/** The same, each request with a key, that is looked at as where `auth.mode` is `keys`. The first request of all pays for scrypt. */
export async function openIngestWithKey(count: number): Promise<BenchCase> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-bench-'))
  const log = embeddedEventLog({ file: join(folder, 'log.db') })
  await log.ensureTopics(accessTopicSpecs(topics))
  const access = await openAccess({
    auth: { mode: 'keys', sessionSecret: 'x'.repeat(32), sessionLasts: 3_600_000 },
    http: { requestsPerMinute: { key: 1e8, address: 1e8 } },
    ...{ site: localSite, log, topics, timer: realTimer, nowMs: Date.now },
    onFailure(error) {
      throw error
    },
  })
  const { text } = await createKey(
    access.keys,
    { name: 'bench', tenant: 'bench', scopes: ['ingest'] },
    { by: 'bench', atMs: Date.now() },
  )
  const one = await singles(count, access.guard, text)
  return {
    ...one,
    async close() {
      await one.close?.()
      await access.stop()
      await log.close()
      await rm(folder, { recursive: true })
    },
  }
}

async function singles(count: number, guard: Guard, key?: string): Promise<BenchCase> {
  const takesAll = { append: async () => {} } as unknown as EventLog
  const { url, close } = await startServer(takesAll, guard)
  const posts = wireEvents(count).map((event) => ({
    body: JSON.stringify(event),
    type: 'application/cloudevents+json',
    ...(key !== undefined && { key }),
  }))
  return {
    close,
    async run() {
      await postAll(url, posts, singlesAtOnce)
      return count
    },
  }
}

async function startServer(
  log: EventLog,
  guard: Guard = openGuard,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const parsed = parseConfig({ tenants: { bench: null } })
  if (!parsed.ok) throw new Error('the empty configuration is complete')
  const metrics = createMetrics({ processMetrics: false })
  const ingest = startIngest({
    ...{
      log,
      topics,
      partitions: 1,
      sender: 'bench',
      config: parsed.config,
      metrics: metricsOf(metrics),
    },
    store: { read: async () => nothing },
    erasing: noErasing(),
    forwardsRaw: false,
    keysOf: () => null,
  })
  const logger = createLogger({ name: 'bench', level: 'silent' })
  const api = { title: 'Deskpulse: events', description: 'Takes in the events of contact centers.' }
  const http = await httpServer({
    logger,
    metrics,
    health: createHealth(() => {}),
    api,
    site: localSite,
    guard,
  })
  await http.register(ingest.routes)
  const address = await http.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: `${address}/v1/tenants/bench/events`,
    async close() {
      await http.close()
      await ingest.stop()
    },
  }
}

function bodiesOf(count: number): { readonly body: Buffer; readonly events: number }[] {
  const lines = wireEvents(count).map((event) => `${JSON.stringify(event)}\n`)
  return Array.from({ length: Math.ceil(count / eventsPerRequest) }, (_, number) => {
    const part = lines.slice(number * eventsPerRequest, (number + 1) * eventsPerRequest)
    return { body: Buffer.from(part.join('')), events: part.length }
  })
}
