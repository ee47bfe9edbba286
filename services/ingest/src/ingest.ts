import { setTimeout as sleep } from 'node:timers/promises'
import { baseRules, type Config, encodeGapEntry, entryKinds } from '@deskpulse/contract'
import { installationTenant } from '@deskpulse/core/alerts'
import type { FoundGap } from '@deskpulse/core/events'
import { type LastingFailures, lastingFailures, type WriteAudit } from '@deskpulse/runtime'
import {
  type Consumption,
  type EventLog,
  frameWriter,
  type FrameWriter,
  type Offset,
  type PartitionId,
  realTimer,
  type StateStore,
  type Timer,
  type TopicNames,
  type StreamErrorCode,
} from '@deskpulse/stream'
import type { FastifyPluginAsync } from 'fastify'
import type { Erasing } from './erasures/routes.ts'
import { admission } from './http/admission.ts'
import { deadLetters } from './intake/dead-letter.ts'
import { intake } from './intake/intake.ts'
import { checkKeys } from './intake/key-check.ts'
import type { IngestMetrics } from './intake/metrics.ts'
import { room } from './intake/pending.ts'
import type { KeysOf } from './intake/pseudonym.ts'
import { openTenants } from './intake/open-tenants.ts'
import { seenTenants, tenantDirectory } from './intake/tenants.ts'
import { configProposals } from './proposals/config.ts'
import { proposer } from './proposals/proposer.ts'
import { rulesProposals } from './proposals/rules.ts'
import { noProposalTelemetry, type ProposalTelemetry } from './proposals/telemetry.ts'
import { askWhatWaits } from './raw/ask.ts'
import { rawBacklog } from './raw/backlog.ts'
import { consumeRaw } from './raw/consumer.ts'
import { rawGaps } from './raw/gaps.ts'
import { ingestRoutes } from './routes.ts'

export type IngestDeps = {
  readonly log: EventLog
  readonly store: Pick<StateStore, 'read'>
  readonly topics: TopicNames
  /** Of the log topic. */
  readonly partitions: number
  /** This process, for as long as it runs. */
  readonly sender: string
  readonly config: Pick<Config, 'tenants' | 'openTenants' | 'openTenantsMax' | 'ingest' | 'alerts'>
  readonly keysOf: KeysOf
  readonly metrics: IngestMetrics
  readonly erasing: Erasing
  /** The raw topic is forwarded, from `consume` on; what waits in it before counts too. */
  readonly forwardsRaw: boolean
  readonly nowMs?: () => number
  /** Told when the log fails under raw input and the batch is tried again. */
  readonly onRetry?: (code: StreamErrorCode) => void
  /** Told of records that are gone from the raw topic and were not forwarded, once that is in the log. */
  readonly onRecordsLost?: (gap: FoundGap) => void
  /** Told when the raw topic is another one than was forwarded before: it is forwarded from its first record. */
  readonly onOtherRawTopic?: (at: { readonly partition: number; readonly from: Offset }) => void
  readonly proposals?: ProposalTelemetry
  /** Takes down what is proposed of the file. */
  readonly audit?: WriteAudit
  /** Address of the wallboard, to which the page of imports links; `null`: another server has it. */
  readonly boardPage?: string | null
  readonly timer?: Timer
}

export type Ingest = {
  /** `/v1/tenants/{tenant}/events`, `…/imports` and their page `/import`, `…/appeals`, `…/erasures`. */
  readonly routes: FastifyPluginAsync
  /** Before anything is taken in: sees to it that customers stay who they are, learns which tenants there are, appends what the file changes in configuration and alert rules, and sees to it from then on. @returns the tenants that it proposed something for. @throws ConfigurationError: a key of customers is another one than before. */
  propose(): Promise<readonly string[]>
  /** Begins to forward the raw topic, and returns when this process is in the group. `ended` rejects when the log is gone for good. */
  consume(): Promise<Consumption>
  /** A readiness check: the log takes frames, heartbeats at least. @throws Error with the reason. */
  checkAppending(): void
  /** This process is in the group that forwards the raw topic. */
  forwards(): boolean
  /** Takes nothing new, and returns when everything taken is durable. A group that is still forming is not waited for. */
  stop(): Promise<void>
}

/** Bytes under way over all inputs; below the frame writer's own limit, so that input waits instead of failing. */
const underWayBytesMax = 8 * 1024 * 1024

/** Wires ingest over its ports. Heartbeats run from here on. */
export function startIngest(deps: IngestDeps): Ingest {
  const {
    log,
    store,
    topics,
    partitions,
    config,
    metrics,
    nowMs = Date.now,
    onRetry = () => {},
    timer = realTimer,
  } = deps
  let isStopping = false
  let consumption: Consumption | null = null
  const backlog = rawBacklog()

  const assigned = (): readonly PartitionId[] => consumption?.assigned() ?? []
  const stopAsking = deps.forwardsRaw
    ? askWhatWaits({ log, topic: topics.raw, backlog, assigned, nowMs, timer })
    : () => {}

  function backlogMs(): number | null {
    if (!deps.forwardsRaw) return 0
    backlog.share(assigned())
    return backlog.ageMs(nowMs())
  }

  metrics.backlog(() => backlogMs() ?? Number.NaN)
  const appending = lastingFailures()
  const writer = frameWriter({
    log: { append: observed(log, metrics, appending) },
    topic: topics.log,
    sender: deps.sender,
    partitions,
    backlogMs,
    lingerMs: config.ingest.lingerMs,
    maxInFlightBytes: 4 * underWayBytesMax,
  })
  const open = config.openTenants
    ? openTenants({ log, topic: `${topics.log}.tenants`, most: config.openTenantsMax })
    : null
  const tenants = tenantDirectory(config, open)
  const space = room(underWayBytesMax)
  const proposals = proposer({
    ...{ store, writer, partitions, tenants, timer },
    proposables: [configProposals(tenants), rulesProposals(baseRules(config))],
    telemetry: deps.proposals ?? noProposalTelemetry,
    audit: deps.audit ?? (async () => {}),
  })
  const taking = intake({
    ...{ writer, tenants, keysOf: deps.keysOf, metrics, nowMs, onAccepted: proposals.seen },
    deadLetters: deadLetters(log, topics.deadLetter),
  })
  const shared = { intake: taking, room: space, nowMs, metrics, isStopping: () => isStopping }

  return {
    routes: ingestRoutes({
      ...{ ...shared, ...config.ingest, ...deps.erasing, tenants, keysOf: deps.keysOf },
      admission: admission(config.ingest.inFlightBytesMax),
      page: {
        tenants: async () => [...tenants.named.keys(), ...(await seenTenants(store, partitions))],
        accepts: tenants.accepts,
        boardPage: deps.boardPage ?? null,
      },
    }),
    async propose() {
      await checkKeys({
        ...{ log, topics, nowMs },
        tenants: config.tenants,
      })
      await open?.load(
        (await seenTenants(store, partitions)).filter((tenant) => !tenants.named.has(tenant)),
      )
      return proposals.propose()
    },
    async consume() {
      const gaps = rawGaps({
        ...{
          log,
          topic: topics.raw,
          nowMs,
          lost: lostFrom(writer, metrics, deps.onRecordsLost ?? (() => {})),
        },
        replaced: (partition, from) => deps.onOtherRawTopic?.({ partition, from }),
      })
      const joined = await consumeRaw({
        ...{ ...shared, log, topic: topics.raw, backlog, gaps },
        ...{ sleep, onRetry },
      })
      if (isStopping) await joined.stop()
      return (consumption = joined)
    },
    checkAppending: () => appending.check(),
    forwards: () => consumption !== null,
    async stop() {
      isStopping = true
      stopAsking()
      await consumption?.stop()
      await proposals.stop()
      await writer.close()
    },
  }
}

/** Says so to every partition of the log: nobody knows whose the records were. */
function lostFrom(
  writer: FrameWriter,
  metrics: IngestMetrics,
  told: (gap: FoundGap) => void,
): (gap: FoundGap) => Promise<void> {
  return async (gap) => {
    await writer.appendToAll(installationTenant, entryKinds.gap, encodeGapEntry(gap))
    metrics.lost(gap.to - gap.from)
    told(gap)
  }
}

function observed(
  log: EventLog,
  metrics: IngestMetrics,
  appending: LastingFailures,
): EventLog['append'] {
  return async (topic, partition, records) => {
    const startedMs = performance.now()
    const what = `appending to partition ${partition} of ${topic}`
    try {
      await log.append(topic, partition, records)
    } catch (error) {
      if (error instanceof Error) appending.failed(what, error)
      throw error
    }
    appending.over(what)
    metrics.appended(performance.now() - startedMs)
  }
}
