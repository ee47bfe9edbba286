import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AlertsConfig,
  alertIdOf,
  type Announcement,
  type AuditEntry,
  encodeAlertRecord,
  encodeEvent,
  entryKinds,
  type EndpointConfig,
} from '@deskpulse/contract'
import { openToAll, sessionRoutes } from '@deskpulse/access'
import type { AlertTransition } from '@deskpulse/core/alerts'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { foldVersion, foldVersionKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import {
  createLogger,
  createMetrics,
  type Guard,
  openGuard,
  type Principal,
} from '@deskpulse/runtime'
import {
  embeddedEventLog,
  embeddedStateStore,
  encodeFrame,
  type EventLog,
  type PartitionId,
  type StateStore,
  topicNames,
  topicSpecs,
  versionedState,
} from '@deskpulse/stream'
import { siteOf } from '@deskpulse/runtime'
import { testServer } from '@deskpulse/runtime/testing'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { expect, onTestFinished } from 'vitest'
import { startAlerter } from '../../alerter.ts'
import type { Sent } from '../../sending/index.ts'
import { endpointOf } from '../../testing/notices.ts'
import type { AlerterHttpDeps } from '../deps.ts'
import { alerterRoutes } from '../routes.ts'
import { openHandFold } from './hand-fold.ts'

export const tenant = 'acme'
export const startMs = Date.parse('2026-03-02T01:00:57.020Z')
const partition = 0 as PartitionId
const topics = topicNames()

export type WorldOptions = {
  readonly alerts?: Partial<AlertsConfig>
  /** The machine's clock, instead of one that the test moves. */
  readonly real?: boolean
  /** What the receivers answer. */
  readonly answer?: () => Sent
  readonly deps?: Partial<AlerterHttpDeps>
  /** Who asks; left out: nobody is asked who they are. */
  readonly principal?: Principal
}

/** A whole alerter with its routes, on an embedded log and stores; the aggregator's part is written by hand. Gone when the test ends. */
export type World = {
  readonly http: FastifyInstance
  readonly log: EventLog
  nowMs(): EpochMs
  wait(ms: number): void
  /** As the aggregator would append it. */
  announce(announcement: Announcement): Promise<void>
  /** As the aggregator, or the alert book's evaluator, would append it. @returns the alert's id */
  transition(changes?: Partial<AlertTransition>): Promise<string>
  /** Into the tenant's log. */
  events(...events: readonly CanonicalEvent[]): Promise<void>
  /** Log time goes on; the watermark is `behindMs` behind it. */
  heartbeat(behindMs?: number): Promise<void>
  /** The state is that of this version of the folds. */
  foldedBy(version: number): Promise<void>
  /** What the audit has of changes, so far. */
  audited(): readonly AuditEntry[]
  /** Of the aggregator's state, so far. */
  reads(): number
  ask(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH',
    url: string,
    body?: object,
    headers?: object,
  ): Promise<LightMyRequestResponse>
  /** The body of a 200. */
  json<Body>(url: string): Promise<Body>
  /** As soon as it holds. */
  until<Body>(url: string, holds: (body: Body) => boolean): Promise<Body>
}

export const accepted: Sent = { kind: 'answered', answer: { status: 200, headers: {}, body: '' } }

export const floor: EndpointConfig = endpointOf('webhook', {
  secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr'],
})

/** A customer who waits over 30 s. */
export function transitionOf(
  nowMs: number,
  changes: Partial<AlertTransition> = {},
): AlertTransition {
  const contactId = changes.contactId ?? 'c-17'
  return {
    ...{
      tenant,
      rule: 'customer-waiting',
      subject: `contact/${contactId}`,
      number: 1,
      kind: 'deadline',
      severity: 'warning',
    },
    ...{
      slice: 'queue=billing',
      contactId,
      channel: 'chat',
      kpi: null,
      value: 30_000,
      limit: 30_000,
      unit: 'ms',
      labels: {},
    },
    ...{
      status: 'firing',
      sinceMs: (nowMs - 30_000) as EpochMs,
      startedMs: nowMs as EpochMs,
      endedMs: null,
      end: null,
    },
    ...{ detectedMs: nowMs as EpochMs, late: false },
    ...changes,
  }
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-alerter-'))
  let clockMs = startMs
  const nowMs = (): EpochMs => (options.real === true ? Date.now() : clockMs) as EpochMs
  const log = embeddedEventLog({ file: join(folder, 'log.sqlite'), now: nowMs })
  await log.ensureTopics(topicSpecs(topics, { logPartitions: 1, rawPartitions: 1 }))
  const store = await embeddedStateStore({ file: join(folder, 'store.sqlite') })
  const alertStore = await embeddedStateStore({ file: join(folder, 'alerts.sqlite') })
  let reads = 0
  const read: StateStore['read'] = (...args) => {
    reads += 1
    return store.read(...args)
  }
  const state = versionedState({
    store: { ...store, read },
    partitions: 1,
    key: foldVersionKey,
    version: foldVersion,
  })
  const fold = await openHandFold({ log, topic: topics.log, store, tenant, nowMs })
  const alerts: AlertsConfig = {
    ...{
      allowPrivateAddresses: false,
      publicUrl: 'https://desk.example',
      hours: null,
      endpoints: [floor],
      rules: [],
    },
    ...options.alerts,
  }
  const config = { alerts, tenants: {} }
  const sender = {
    send: async (): Promise<Sent> => options.answer?.() ?? accepted,
    close: async () => {},
  }
  const shared = { topics, store: state, alertStore, partitions: 1, config, nowMs }
  const alerter = await startAlerter({
    ...{ ...shared, log, sender, random: () => 0.5 },
    metrics: createMetrics({ processMetrics: false }),
    logger: createLogger({ name: 'alerter', level: 'error' }),
  })
  const audited: AuditEntry[] = []
  const site = siteOf({ alerts, http: { host: '127.0.0.1', hosts: [], corsOrigins: [] } })
  const http = await testServer(undefined, site, undefined, guardOf(options, audited))
  await http.register((routes) => sessionRoutes(routes, openToAll))
  await http.register(
    alerterRoutes({
      ...{ ...shared, log: { read: log.read, append: fold.append } },
      ...{ sender: 'alerter-1', boardPage: '/' },
      ...options.deps,
    }),
  )
  onTestFinished(async () => {
    await http.close()
    await alerter.stop()
    await alerter.ended // What ended it before is why a test waited in vain.
    await Promise.all([log.close(), store.close(), alertStore.close()])
    await rm(folder, { recursive: true })
  })

  return {
    http,
    log,
    nowMs,
    wait(ms) {
      clockMs += ms
    },
    async announce(announcement) {
      const value = encodeAlertRecord(announcement)
      await log.append(topics.alerts, partition, [{ key: 'acme', value }])
    },
    async transition(changes) {
      const transition = transitionOf(nowMs(), changes)
      const value = encodeAlertRecord({ kind: 'transition', transition })
      await log.append(topics.alerts, partition, [{ key: transition.tenant, value }])
      return alertIdOf(transition)
    },
    async events(...events) {
      const entries = events.map((event) => ({
        tenant,
        kind: entryKinds.event,
        bytes: encodeEvent(event),
      }))
      await fold.append(topics.log, partition, [
        { key: null, value: encodeFrame({ sender: 'ingest-1', backlogMs: 0, entries }) },
      ])
    },
    heartbeat: fold.heartbeat,
    foldedBy: fold.foldedBy,
    audited: () => audited,
    reads: () => reads,
    ...clientOf(http),
  }
}

function guardOf({ principal }: WorldOptions, audited: AuditEntry[]): Guard {
  return {
    ...openGuard,
    authenticator: principal
      ? { brings: () => 'key' as const, recognise: () => principal, verify: async () => principal }
      : null,
    audit: async (entry) => void audited.push(entry),
  }
}

function clientOf(http: FastifyInstance): Pick<World, 'ask' | 'json' | 'until'> {
  const ask: World['ask'] = (method, url, body, headers = {}) =>
    http.inject({
      method,
      url,
      headers: { ...headers },
      ...(body === undefined ? {} : { payload: body }),
    })
  async function json<Body>(url: string): Promise<Body> {
    const response = await ask('GET', url)
    expect(response.statusCode, response.body).toBe(200)
    return response.json<Body>()
  }
  async function until<Body>(url: string, holds: (body: Body) => boolean): Promise<Body> {
    let found: Body | undefined
    await expect
      .poll(async () => holds((found = await json<Body>(url))), { interval: 20 })
      .toBe(true)
    return found!
  }
  return { ask, json, until }
}
