import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Erasures, erasures } from '@deskpulse/access'
import {
  type AuditEntry,
  type DeadLetter,
  decodeDeadLetters,
  decodeEvent,
  entryKinds,
  parseConfig,
} from '@deskpulse/contract'
import type { CanonicalEvent, FoundGap } from '@deskpulse/core/events'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import {
  type Authenticator,
  openGuard,
  type Principal,
  type RefusalLabels,
  type WriteAudit,
} from '@deskpulse/runtime'
import {
  boundedTopic,
  type ChangeCursor,
  decodeFrame,
  embeddedEventLog,
  type Entry,
  type EventLog,
  type Frame,
  type LogRecord,
  logWithTopic,
  type Offset,
  type PartitionId,
  type RewritableTopic,
  type Timer,
  topicNames,
  topicSpecs,
} from '@deskpulse/stream'
import { testServer } from '@deskpulse/runtime/testing'
import type { FastifyInstance } from 'fastify'
import { type Ingest, startIngest } from '../ingest.ts'
import { noMetrics } from '../intake/metrics.ts'
import type { KeysOf } from '../intake/pseudonym.ts'
import type { ProposalTelemetry } from '../proposals/telemetry.ts'

export const nowMs = Date.parse('2026-03-02T01:00:30.000Z')
export const topics = topicNames()
const partitions = 4

/** Ingest over an embedded log in a directory of its own, with its HTTP door open to `inject`. */
export type Rig = {
  readonly log: EventLog
  readonly erased: Erasures
  readonly ingest: Ingest
  readonly http: FastifyInstance
  readonly refused: RefusalLabels[]
  /** What the audit has. */
  readonly audited: AuditEntry[]
  /** Frames of the log, partition by partition, in order. */
  frames(): Promise<readonly Frame[]>
  /** Entries of the log, partition by partition, in order. */
  entries(): Promise<readonly Entry[]>
  events(): Promise<readonly CanonicalEvent[]>
  /** One by one, whatever groups they are in. */
  deadLetters(): Promise<readonly DeadLetter[]>
  close(): Promise<void>
}

export type RigOptions = {
  readonly tenants?: Readonly<Record<string, unknown>>
  readonly openTenants?: boolean
  readonly openTenantsMax?: number
  /** That of another rig, which is closed: a restart. Its owner removes it. */
  readonly directory?: string
  readonly settings?: Readonly<Record<string, unknown>>
  /** The log as ingest sees it. */
  readonly wrap?: (log: EventLog) => EventLog
  readonly alerts?: Readonly<Record<string, unknown>>
  /** What the aggregator has stored, by key: looked at anew for each read. */
  readonly stored?: (key: string, partition: number) => Uint8Array | null
  readonly timer?: Timer
  readonly nowMs?: () => number
  readonly proposals?: ProposalTelemetry
  readonly onRecordsLost?: (gap: FoundGap) => void
  readonly keysOf?: KeysOf
  /** Who sends all requests; left out: nobody is asked. */
  readonly principal?: Principal
  readonly rawKeptMs?: number
  /** Erased pseudonyms of a tenant. */
  readonly erasedMax?: number
  /** The dead letters as erasing sees them. */
  readonly wrapLetters?: (topic: RewritableTopic) => RewritableTopic
  /** Instead of taking an entry down. */
  readonly audit?: WriteAudit
}

function configOf({
  tenants = { acme: {} },
  openTenants = false,
  openTenantsMax = 1_000,
  settings = {},
  alerts = {},
}: RigOptions) {
  const parsed = parseConfig({
    tenants,
    openTenants,
    openTenantsMax,
    alerts,
    ingest: { lingerMs: 0, ...settings },
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.config
}

async function readAll(log: EventLog, topic: string, count: number): Promise<readonly LogRecord[]> {
  const pages = await Promise.all(
    Array.from({ length: count }, (_, partition) =>
      log.read(topic, partition as PartitionId, 0 as Offset, 100_000),
    ),
  )
  return pages.flat()
}

export async function rig(options: RigOptions = {}): Promise<Rig> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'deskpulse-ingest-')))
  const apart = boundedTopic({ file: join(directory, 'dead-letters.db') })
  const log = logWithTopic({
    log: embeddedEventLog({ file: join(directory, 'log.db') }),
    ...{ topic: topics.deadLetter, apart, retentionMs: 365 * dayMs, onFailure: () => {} },
  })
  await log.ensureTopics(topicSpecs(topics, { logPartitions: partitions, rawPartitions: 2 }))
  const erased: Erasures = erasures({
    put: async (record) => erased.take(record),
    nowMs: () => nowMs,
    ...(options.erasedMax !== undefined && { pseudonymsMax: options.erasedMax }),
  })
  const refused: RefusalLabels[] = []
  const audited: AuditEntry[] = []
  const audit = options.audit ?? (async (entry: AuditEntry) => void audited.push(entry))
  const { stored = () => null, timer, proposals, onRecordsLost } = options
  const nothingElse = {
    cursor: '' as ChangeCursor,
    lists: [],
    hashes: [],
    changed: 'lost',
  } as const
  const position = {
    offset: 0 as Offset,
    logTimeMs: 0 as EpochMs,
    watermarkMs: 0 as EpochMs,
    ...nothingElse,
  }
  const ingest = startIngest({
    log: options.wrap?.(log) ?? log,
    store: {
      read: async (partition, { keys }) => ({
        ...position,
        values: keys.map((key) => stored(key, partition)),
      }),
    },
    topics,
    partitions,
    sender: 'test',
    config: configOf(options),
    keysOf: options.keysOf ?? (() => ({ key: 'a key of the tenant', previous: [] })),
    erasing: {
      erased,
      deadLetters: options.wrapLetters?.(apart) ?? apart,
      rawKeptMs: options.rawKeptMs ?? null,
    },
    metrics: { ...noMetrics, refused: (one) => void refused.push(one) },
    forwardsRaw: true,
    nowMs: options.nowMs ?? (() => nowMs),
    timer,
    proposals,
    onRecordsLost,
    audit,
  })
  const http = await testServer(undefined, undefined, undefined, {
    ...{ ...openGuard, audit },
    ...(options.principal && { authenticator: authenticatorOf(options.principal) }),
  })
  await http.register(ingest.routes)

  const frames = async () =>
    (await readAll(log, topics.log, partitions)).map((record) =>
      decodeFrame(record.value ?? new Uint8Array()),
    )
  const entries = async () => (await frames()).flatMap((frame) => frame.entries)
  return {
    ...{ log, erased, ingest },
    http,
    refused,
    audited,
    frames,
    entries,
    events: async () =>
      (await entries())
        .filter((entry) => entry.kind === entryKinds.event)
        .map((entry) => decodeEvent(entry.bytes, entry.tenant)),
    deadLetters: async () =>
      (await readAll(log, topics.deadLetter, 1)).flatMap((record) => {
        const content = decodeDeadLetters(record)
        return content.kind === 'letters' ? content.letters : []
      }),
    async close() {
      await http.close()
      await ingest.stop()
      await log.close()
      if (options.directory === undefined) await rm(directory, { recursive: true })
    },
  }
}

const authenticatorOf = (principal: Principal): Authenticator => ({
  ...{ brings: () => 'key', recognise: () => principal, verify: async () => principal },
})

/** A message of contact c-17, as a source sends it; `change` replaces attributes of the envelope. */
export function message(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    specversion: '1.0',
    id: 'm-1',
    source: '/chat/acme',
    type: 'deskpulse.message.sent.v1',
    time: '2026-03-02T01:00:27.017Z',
    tenant: 'acme',
    data: { contactId: 'c-17', from: 'agent', agentId: 'a-3' },
    ...change,
  }
}
