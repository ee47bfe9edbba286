import { type Erasures, noErasures, openToAll, sessionRoutes } from '@deskpulse/access'
import { tenantConfigOf, type Config, type LiveResponse } from '@deskpulse/contract'
import { foldVersion, foldVersionKey } from '@deskpulse/core/state'
import { type EventLog, type StateStore, versionedState } from '@deskpulse/stream'
import { createMetrics, type Metrics } from '@deskpulse/runtime'
import { testServer } from '@deskpulse/runtime/testing'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { expect, onTestFinished } from 'vitest'
import { apiRoutes } from '../api.ts'
import { type Floor, type FloorOptions, openFloor } from './floor.ts'

export type Api = {
  readonly floor: Floor
  readonly http: FastifyInstance
  readonly registry: Metrics['registry']
  /** What `/metrics` prints. */
  scrape(): Promise<string>
  /** Reads of the store so far. */
  reads(): number
  /** What it has warned of in its log. */
  readonly warnings: readonly unknown[]
  /** Customers whom no answer names. */
  readonly erased: Erasures
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<LightMyRequestResponse>
  /** The body of a 200. */
  json<Body = LiveResponse>(url: string): Promise<Body>
}

type Tenants = Readonly<Record<string, Parameters<typeof tenantConfigOf>[0]>>

export const namedTenants = (tenants: Tenants): Config['tenants'] =>
  Object.fromEntries(
    Object.entries(tenants).map(([name, input]) => [
      name,
      {
        config: tenantConfigOf(input),
        pseudonymise: null,
        customersArePseudonyms: false,
        preset: null,
      },
    ]),
  )

/** The API without sockets, over a store that is written by hand. Gone when the test ends. */
export async function openApi(
  options: FloorOptions & {
    readonly tenants?: Tenants
    readonly wrap?: (store: StateStore) => StateStore
    readonly log?: Pick<EventLog, 'read'>
  } = {},
): Promise<Api> {
  const floor = await openFloor(options)
  const store = options.wrap?.(floor.store) ?? floor.store
  let reads = 0
  const warnings: unknown[] = []
  const erased = noErasures()
  const counting: Pick<StateStore, 'read' | 'follow'> = {
    read(partition, query) {
      reads += 1
      return store.read(partition, query)
    },
    follow: (...args) => store.follow(...args),
  }
  const metrics = createMetrics({ processMetrics: false })
  const { registry } = metrics
  const http = await testServer(metrics)
  const config = { tenants: namedTenants(options.tenants ?? {}) }
  await http.register((routes) => sessionRoutes(routes, openToAll))
  await http.register(
    apiRoutes({
      store: versionedState({
        store: counting,
        partitions: 1,
        key: foldVersionKey,
        version: foldVersion,
      }),
      log: options.log ?? { read: async () => [] },
      topics: { log: 'deskpulse.log' },
      partitions: 1,
      config,
      erased,
      metrics,
      logger: { info: () => {}, warn: (...said: unknown[]) => void warnings.push(said) },
      alertsPage: '/alerts',
      nowMs: () => floor.nowMs(),
    }),
  )
  onTestFinished(async () => {
    await http.close()
    await floor.close()
  })
  const get: Api['get'] = (url, headers = {}) => http.inject({ method: 'GET', url, headers })
  return {
    floor,
    http,
    registry,
    scrape: async () => (await get('/metrics')).body,
    reads: () => reads,
    ...{ warnings, erased, get },
    async json<Body>(url: string) {
      const response = await get(url)
      expect(response.statusCode, response.body).toBe(200)
      return response.json<Body>()
    },
  }
}
