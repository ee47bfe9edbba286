import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { metricsOf, startIngest } from '@deskpulse/ingest'
import {
  createHealth,
  createLogger,
  createMetrics,
  httpServer,
  openGuard,
} from '@deskpulse/runtime'
import { localSite } from '@deskpulse/runtime/testing'
import {
  embeddedEventLog,
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
export async function openIngestSingle(count: number): Promise<BenchCase> {
  const { url, close } = await startServer({ append: async () => {} } as unknown as EventLog)
  const posts = wireEvents(count).map((event) => ({
    body: JSON.stringify(event),
    type: 'application/cloudevents+json',
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
    guard: openGuard,
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
