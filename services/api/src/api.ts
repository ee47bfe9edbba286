import type { Config } from '@deskpulse/contract'
import type { Logger, Metrics } from '@deskpulse/runtime'
import type { EventLog, TopicNames, VersionedState } from '@deskpulse/stream'
import type { FastifyPluginAsync } from 'fastify'
import type { Erased } from './erased.ts'
import { openReadModel } from './read-model.ts'
import { registerGauges } from './gauges/register.ts'
import { readRoutes } from './http/routes.ts'
import { scorecardsRoutes } from './scorecards-page.ts'
import { wallboardRoutes } from './wallboard.ts'

export type ApiDeps = {
  /** The aggregator's. */
  readonly store: VersionedState
  /** What is older than what the store holds is made from it anew. */
  readonly log: Pick<EventLog, 'read'>
  readonly topics: Pick<TopicNames, 'log'>
  /** Of the log: which partition a tenant is in. */
  readonly partitions: number
  readonly config: Pick<Config, 'tenants'>
  /** Customers whom no answer names. */
  readonly erased: Erased
  /** Gets the KPI gauges; `/metrics` prints them (runtime's `httpServer`). */
  readonly metrics: Pick<Metrics, 'alsoPrint'>
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly nowMs?: () => number
  /** Address of the alerts' page, which another service serves; the wallboard links to it. `null`: not known. */
  readonly alertsPage: string | null
  /** Address of the page that takes files in, where this server has it too. */
  readonly importPage?: string
}

/**
 * The read API, the wallboard and the page of score cards, as a Fastify plugin of a server of runtime's (`httpServer`): `/v1/…` GET, `/`, `/scorecards`. Closing the server lets go of the store's change feeds; the store stays the caller's.
 */
export function apiRoutes({
  store,
  log,
  topics,
  partitions,
  config,
  erased,
  metrics,
  logger,
  alertsPage,
  importPage,
  nowMs = Date.now,
}: ApiDeps): FastifyPluginAsync {
  return async (app) => {
    const onFeedFailed = (partition: number, err: unknown): void =>
      logger.warn({ err, partition }, 'the change feed failed')
    let isSaid = false
    const onUnreadable = (): void => {
      if (!isSaid)
        logger.warn(
          'commits tell what they changed in a form that this version does not know: after each of them all is read anew',
        )
      isSaid = true
    }
    const model = openReadModel({
      store,
      log,
      topic: topics.log,
      partitions,
      tenants: config.tenants,
      erased,
      nowMs,
      onFeedFailed,
      onUnreadable,
      onFolding: (folded) => logger.info(folded, 'the log is folded for an answer'),
    })
    registerGauges(metrics, model, (err) =>
      logger.warn({ err }, 'the KPI gauges could not be read'),
    )
    app.addHook('onClose', async () => model.close())
    readRoutes(app, model)
    await wallboardRoutes(app, model, { alertsPage, importPage: importPage ?? null })
    await scorecardsRoutes(app)
  }
}
