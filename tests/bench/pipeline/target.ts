import { appendFileSync } from 'node:fs'
import { kafkaEventLog } from '@deskpulse/kafka'
import { partitionOf } from '@deskpulse/stream'
import { post } from './post.ts'

/** Where a load goes: to ingest; into a topic, an event a record, each tenant in the partition that it has in the log; to the end of a file. */
export type Target =
  | { readonly kind: 'ingest'; readonly url: string }
  | { readonly kind: 'topic'; readonly brokers: readonly string[]; readonly topic: string }
  | { readonly kind: 'file'; readonly file: string }

export type OpenTarget = {
  /** Resolves when these `count` lines are there for good. */
  send(tenant: string, lines: string, count: number): Promise<void>
  close(): Promise<void>
}

/** Resolves when it is connected: the first event pays for nothing. */
export async function openTarget(target: Target): Promise<OpenTarget> {
  switch (target.kind) {
    case 'ingest':
      return {
        send: (tenant, lines, count) =>
          post(`${target.url}/v1/tenants/${tenant}/events`, lines, count),
        close: async () => {},
      }
    case 'file':
      return {
        send: async (_tenant, lines) => appendFileSync(target.file, lines),
        close: async () => {},
      }
    case 'topic': {
      const log = kafkaEventLog({ brokers: target.brokers, clientId: 'bench' })
      const partitions = await log.partitionCount(target.topic)
      return {
        send: (tenant, lines) =>
          log.append(target.topic, partitionOf(tenant, partitions), recordsOf(tenant, lines)),
        close: () => log.close(),
      }
    }
  }
}

function recordsOf(
  tenant: string,
  lines: string,
): { readonly key: string; readonly value: Buffer }[] {
  const texts = lines.split('\n').filter((line) => line !== '')
  return texts.map((line) => ({ key: tenant, value: Buffer.from(line) }))
}
