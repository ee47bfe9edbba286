import type { EndpointConfig } from '@deskpulse/contract'
import type { AlertRule } from '@deskpulse/core/alerts'
import type { TenantConfig } from '@deskpulse/core/config'
import type { EpochMs } from '@deskpulse/core/time'
import type { PartitionId, StateStore, Timer } from '@deskpulse/stream'
import { type Ledger, noChange } from '../partition/ledger.ts'
import type { Role } from '../partition/role.ts'
import type { Subscriber } from './announcement-notices.ts'
import { asking } from './asking.ts'
import type { Telling } from './ask.ts'
import { backlogSince } from './backlog.ts'
import { contextsOf } from './context.ts'
import { evaluator } from './evaluate/evaluator.ts'
import { looking, unseenLook } from './evaluate/look.ts'
import { bookTenantsKey, tenantBookKey } from './keys.ts'
import {
  addedCounts,
  type BookNews,
  bookRecord,
  type FiringCounts,
  noFiring,
  takeRecords,
} from './take.ts'
import type { BookTelemetry } from './telemetry.ts'
import { decodeTenantBook, type TenantBook } from './tenant-book.ts'
import { tellWaiting } from './tell-waiting.ts'
import { namesIn } from './work.ts'

export type BookOptions = {
  readonly partition: PartitionId
  /** The aggregator's. */
  readonly store: Pick<StateStore, 'read'>
  /** The topic of alerts. */
  readonly topic: string
  /** Tenants that the file names, of this partition. */
  readonly named: readonly string[]
  /** Partitions of the log whose clocks are watched here: all of them where the installation's alerts are kept, else none. */
  readonly watchedPartitions: readonly PartitionId[]
  /** Of a tenant whose configuration the log does not have yet. */
  readonly configOf: (tenant: string) => TenantConfig
  /** In force for a tenant whose rules the log does not have yet, and for the installation's own alerts. */
  readonly baseRules: readonly AlertRule[]
  readonly endpoints: readonly Pick<EndpointConfig, 'name' | 'tenants' | 'severityMin'>[]
  readonly subscribers: readonly Subscriber[]
  readonly pageOf: Telling['pageOf']
  readonly cardOf: Telling['cardOf']
  readonly nowMs: () => number
  readonly timer: Timer
  readonly telemetry: BookTelemetry
  /** A bug: nothing goes on. */
  readonly fail: (error: unknown) => void
}

export type AlertBook = Role & {
  /** When windowed rules were last evaluated, by the wall clock. */
  evaluatedAtMs(): number
}

/**
 * The alerts of a partition's tenants: takes in what began and ended and what people said of it, decides who is told, and evaluates the rules that no
 * fold decides. Holds counts alone in memory; alerts, their order and what is due stand in the store.
 */
export function openAlertBook(options: BookOptions): AlertBook {
  const { endpoints, subscribers, topic, pageOf, cardOf, telemetry } = options
  const contexts = contextsOf(options)
  const backlog = backlogSince(options.nowMs() as EpochMs)
  let createdMs = 0 as EpochMs
  let owned: Ledger | null = null
  let hasBegun = false
  const deps = {
    ...options,
    contexts,
    backlog,
    createdMs: () => createdMs,
    telling: { endpoints, subscribers, topic, pageOf, cardOf },
  }
  const asks = asking(deps)
  const evaluation = evaluator({
    ...deps,
    look: looking({ ...options, contexts }),
    unseen: unseenLook(options.named, contexts),
    onRules: asks.sweep,
  })
  const firing = new Map<string, FiringCounts>()

  function follow({ dueMs, sweeps, firing: counts, atMs }: BookNews): void {
    for (const [tenant, count] of counts) firing.set(tenant, count)
    telemetry.firing(addedCounts(firing.values()))
    for (const tenant of sweeps) asks.sweep(tenant, atMs)
    if (dueMs !== null) asks.due(dueMs)
  }

  return {
    start(ledger: Ledger, origin) {
      owned = ledger
      createdMs = origin.createdMs
      return Promise.resolve()
    },
    async begin() {
      hasBegun = true
      const ledger = owned!
      const { counts, waiting, atMs } = await ledger.change(async (reads) => {
        const tenants = namesIn((await reads.values([bookTenantsKey]))[0])
        const books = await reads.values(tenants.map(tenantBookKey))
        const read = tenants.flatMap((tenant, index): [string, TenantBook][] => {
          const bytes = books[index]
          return bytes ? [[tenant, decodeTenantBook(bytes)]] : []
        })
        const firingOf = read.map(([tenant, book]) => [tenant, book.firing] as const)
        const untold = read.filter(([, { announced }]) => announced.waiting.length > 0)
        const result = { counts: firingOf, waiting: untold, atMs: reads.nowMs }
        return { change: noChange, result }
      })
      for (const [tenant] of waiting) await tellWaiting(ledger, tenant, deps.telling)
      for (const [tenant, count] of counts) {
        firing.set(tenant, count)
        asks.sweep(tenant, atMs) // Rules and endpoints may have changed meanwhile.
      }
      telemetry.firing(addedCounts(firing.values()))
      asks.begin(ledger)
      evaluation.begin(ledger)
    },
    async take(records, reads) {
      if (records.length === 0) return { change: noChange, taken: () => {} }
      const { change, news, report } = await takeRecords(
        records.map(bookRecord),
        reads,
        deps,
        hasBegun,
      )
      return {
        change,
        taken() {
          follow(news)
          report()
        },
      }
    },
    async stop() {
      telemetry.firing(noFiring)
      await Promise.all([asks.stop(), evaluation.stop()])
    },
    evaluatedAtMs: () => evaluation.evaluatedAtMs(),
  }
}
