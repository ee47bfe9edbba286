import { noErasures } from '@deskpulse/access'
import { apiRoutes } from '@deskpulse/api'
import type { Config } from '@deskpulse/contract'
import { foldVersion, foldVersionKey } from '@deskpulse/core/state'
import {
  createLogger,
  httpServer,
  openGuard,
  serviceContext,
  type ServiceContext,
  siteOf,
} from '@deskpulse/runtime'
import { type StateStore, topicsOf, versionedState } from '@deskpulse/stream'
import { clientAt, type Client } from '../../support/client.ts'

/** What a service is given, with a logger that says what is fatal. */
export function quietContext(config: Config): ServiceContext {
  return serviceContext(
    config,
    createLogger({ name: 'chaos', level: 'fatal', destination: 'stderr' }),
  )
}

/** The read API in this process, over a store; `stack` ends it. */
export async function served(
  stack: AsyncDisposableStack,
  store: StateStore,
  partitions: number,
  context: ServiceContext,
): Promise<Client> {
  const { config, logger, metrics, health } = context
  const api = { title: 'Deskpulse', description: 'What a store holds.' }
  const app = await httpServer({
    logger,
    metrics,
    health,
    api,
    site: siteOf(config),
    guard: openGuard,
  })
  stack.defer(() => app.close())
  const state = versionedState({ store, partitions, key: foldVersionKey, version: foldVersion })
  await app.register(
    apiRoutes({
      ...{ store: state, partitions, config, metrics, logger, alertsPage: null },
      erased: noErasures(),
      ...{ log: { read: () => Promise.resolve([]) }, topics: topicsOf(config).names }, // The store alone is compared.
    }),
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return clientAt(url, url)
}
