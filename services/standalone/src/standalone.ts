import { randomUUID } from 'node:crypto'
import {
  type Access,
  auditRoutes,
  keyRoutes,
  serviceAccess,
  sessionRoutes,
} from '@deskpulse/access'
import { startAggregator } from '@deskpulse/aggregator'
import { alerterRoutes, alertWebhooks, openSender, startAlerter } from '@deskpulse/alerter'
import { apiRoutes } from '@deskpulse/api'
import { systemClock } from '@deskpulse/cli'
import { authModeExpected, type Config, isLoopback } from '@deskpulse/contract'
import { foldVersion, foldVersionKey } from '@deskpulse/core/state'
import { metricsOf, proposalTelemetry, startIngest } from '@deskpulse/ingest'
import {
  type Health,
  httpServer,
  type Logger,
  type Running,
  type ServiceContext,
  simulatedTenant,
  siteOf,
} from '@deskpulse/runtime'
import { topicNames, topicSpecs, versionedState } from '@deskpulse/stream'
import type { FastifyInstance } from 'fastify'
import { customerKeys } from './customer-keys.ts'
import { type DataDir, openDataDir } from './data-dir.ts'
import { deadLettersKept } from './dead-letters.ts'
import { listen } from './server.ts'
import { simulatedInput } from './simulated-input.ts'
import { runSimulator } from './simulator.ts'
import { StartError } from './start-error.ts'

export type StandaloneOptions = ServiceContext & {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly simulator: boolean
  /** The key that customers are hidden under is lost for good. */
  readonly newCustomersKey: boolean
  /** From then on another key hides customers; `null`: it stays. */
  readonly rotateCustomersKeyMs: number | null
}

export type Standalone = Running & {
  /** Of the wallboard: `http://host:port/`, with `http.tls` https. */
  readonly address: string
  /** Whoever reaches it may read and change everything. */
  readonly isOpen: boolean
}

/** @throws StartError: other machines may reach it, and nobody said that they may do everything. */
function refuseUnguarded({ config, host }: StandaloneOptions): void {
  if (config.auth.mode === undefined && !isLoopback(host))
    throw new StartError(`auth.mode: expected ${authModeExpected(host)} (docs/security.md)`)
}

/** One process folds on one thread: more partitions would only add heartbeats. */
const logPartitions = 1

/**
 * The whole product in this process: log and store in a folder, ingest and the rest behind one HTTP server. Stopping goes backwards: no new
 * input, then what was taken becomes durable, then the files are closed.
 * @throws StartError for what the operator can mend.
 */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const { config, logger, metrics, health } = options
  if (options.simulator && !config.openTenants && config.tenants[simulatedTenant] === undefined) {
    throw new StartError(
      `the simulator plays the tenant "${simulatedTenant}", which the configuration does not name: name it, or use --no-simulator`,
    )
  }
  refuseUnguarded(options)
  await using started = new AsyncDisposableStack()
  const topics = topicNames()
  const data = await openDataDir(
    options.dataDir,
    deadLettersKept(options, topics.deadLetter),
    options,
  )
  started.defer(() => data.close())
  const { log, store, alertStore } = data
  await log.ensureTopics(topicSpecs(topics, { logPartitions, rawPartitions: 1 }))
  addStorageChecks(health, data)

  const http = { ...config.http, host: options.host }
  const auth = { ...config.auth, sessionSecret: config.auth.sessionSecret ?? data.sessionSecret }
  const access = await serviceAccess(
    { ...options, config: { ...config, http, auth } },
    { log, topics, isAtPublicUrl: true },
  )
  started.defer(() => access.stop())

  const aggregator = await startAggregator({
    ...{ log, store, topics, metrics, logger, lagMaxMs: config.health.lagMax },
    configured: (tenant) => config.tenants[tenant]?.config,
    cacheBytesMax: config.aggregator.cacheBytesMax,
  })
  health.add('folding', () => aggregator.checkFolding())
  started.defer(() => aggregator.stop())
  health.add('log-clock', () => aggregator.checkClock())
  const ingest = startIngest({
    log,
    store,
    topics,
    partitions: logPartitions,
    sender: randomUUID(),
    config,
    keysOf: customerKeys(config, data.customerSecrets),
    metrics: metricsOf(metrics),
    erasing: { erased: access.erased, deadLetters: data.deadLetters, rawKeptMs: null },
    proposals: proposalTelemetry(metrics, logger),
    audit: access.audit.write,
    forwardsRaw: false,
    boardPage: '/',
  })
  started.defer(() => ingest.stop())
  health.add('log-writes', () => ingest.checkAppending())
  await ingest.propose()

  // The aggregator of this process has refused a state of other folds; what the readers see is checked all the same.
  const readers = { key: foldVersionKey, version: foldVersion, partitions: logPartitions }
  const state = versionedState({ store, ...readers })
  health.add('fold-version', () => state.check())
  const shared = {
    ...{ log, topics, store: state, alertStore, partitions: logPartitions },
    ...{ config, metrics, logger },
  }
  const about = {
    title: 'Deskpulse',
    description: 'Live and closed-period metrics of contact centers, and their alerts.',
  }
  const server = await httpServer({
    logger,
    metrics,
    health,
    api: { ...about, webhooks: alertWebhooks },
    ...{ site: siteOf({ ...config, http }), http, guard: access.guard },
  })
  await serveAccess(server, access, config)
  await server.register(ingest.routes)
  await server.register(
    apiRoutes({ ...shared, erased: access.erased, alertsPage: '/alerts', importPage: '/import' }),
  )
  await server.register(alerterRoutes({ ...shared, sender: randomUUID(), boardPage: '/' }))
  started.defer(() => server.close())
  const address = await listen(server, options.host, options.port)

  const sender = openSender(config.alerts)
  started.defer(() => sender.close())
  // Messages lead to this server's page, unless another address is configured: the one that it has behind a proxy.
  const alerts = {
    ...config.alerts,
    publicUrl: config.alerts.publicUrl ?? address.replace(/\/$/, ''),
  }
  const alerter = await startAlerter({
    ...shared,
    ...{ config: { ...config, alerts }, sender, servesScoreCards: true },
  })
  started.defer(() => alerter.stop())

  if (options.simulator) started.defer(simulate(server, access.ownKey, data.simulationFile, logger))

  const running = started.move()
  return {
    address,
    isOpen: access.mode === 'open',
    stop: () => running.disposeAsync(),
    ended: Promise.race([aggregator.ended, alerter.ended]),
  }
}

async function serveAccess(
  server: FastifyInstance,
  access: Access,
  { openTenants, tenants }: Config,
): Promise<void> {
  const knows = (tenant: string): boolean => openTenants || Object.hasOwn(tenants, tenant)
  await server.register((routes) => sessionRoutes(routes, access))
  await server.register((routes) => keyRoutes(routes, { ...access, nowMs: Date.now, knows }))
  await server.register((routes) => auditRoutes(routes, { ...access, knows }))
}

function addStorageChecks(health: Health, { log, store, alertStore }: DataDir): void {
  health.add('log', () => log.ping())
  health.add('store', () => store.takesWrites())
  health.add('alert-store', () => alertStore.takesWrites())
}

/** Plays a contact center beside what goes on. @returns what ends it. */
function simulate(
  server: FastifyInstance,
  key: string,
  file: string,
  logger: Logger,
): () => Promise<void> {
  const simulating = new AbortController()
  const { signal } = simulating
  const done = runSimulator({
    file,
    clock: systemClock,
    signal,
    send: simulatedInput(server, key, signal),
  }).catch((error: unknown) => logger.error({ err: error }, 'the simulator has ended'))
  return async () => {
    simulating.abort()
    await done
  }
}
