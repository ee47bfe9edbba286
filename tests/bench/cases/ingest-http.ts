import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core'
import { metricsOf, startIngest } from '@deskpulse/ingest'
import { createHealth, createLogger, createMetrics, httpServer } from '@deskpulse/runtime'
import { embeddedEventLog, topicNames, topicSpecs, type ChangeCursor, type Offset, type Snapshot } from '@deskpulse/stream'
import { wireEvents } from '../data/events.ts'
import { post } from '../pipeline/post.ts'
import type { BenchCase } from './case.ts'

const eventsPerRequest = 1_000
const requestsAtOnce = 4
const nothing: Snapshot = {
  offset: 0 as Offset,
  logTimeMs: 0 as EpochMs,
  watermarkMs: 0 as EpochMs,
  cursor: '' as ChangeCursor,
  values: [null],
  lists: [],
  hashes: [],
  changed: 'lost',
  changedFields: new Map(),
}

/** Ingest whole: NDJSON over HTTP until the embedded log has it for good. The client is in the same process, so its share is counted too. */
export async function openIngestHttp(count: number): Promise<BenchCase> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-bench-'))
  const log = embeddedEventLog({ file: join(folder, 'log.db') })
  const topics = topicNames()
  await log.ensureTopics(topicSpecs(topics, { logPartitions: 1, rawPartitions: 1 }))
  const parsed = parseConfig({ tenants: { bench: null } })
  if (!parsed.ok) throw new Error('the empty configuration is complete')
  const metrics = createMetrics({ processMetrics: false })
  const ingest = startIngest({
    ...{ log, topics, partitions: 1, sender: 'bench', config: parsed.config, metrics: metricsOf(metrics) },
    store: { read: async () => nothing },
    forwardsRaw: false,
    keyOf: () => null,
  })
  const logger = createLogger({ name: 'bench', level: 'silent' })
  const api = { title: 'Deskpulse: events', description: 'Takes in the events of contact centers.' }
  const http = await httpServer({ logger, metrics, health: createHealth(() => {}), api, site: { hosts: new Set(), origin: null } })
  await http.register(ingest.routes)
  const address = await http.listen({ host: '127.0.0.1', port: 0 })
  const bodies = bodiesOf(count)

  return {
    async run() {
      const waiting = bodies.values()
      const client = async (): Promise<void> => {
        for (const { body, events } of waiting) await post(`${address}/v1/tenants/bench/events`, body, events)
      }
      await Promise.all(Array.from({ length: requestsAtOnce }, client))
      return count
    },
    async close() {
      await http.close()
      await ingest.stop()
      await log.close()
      await rm(folder, { recursive: true })
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
