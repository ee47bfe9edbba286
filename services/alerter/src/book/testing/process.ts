import type { AlertRule, NoticeEndpoint } from '@deskpulse/core/alerts'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { type EventLog, outboxRelay, type PartitionId, type StateStore } from '@deskpulse/stream'
import { noChange } from '../../partition/ledger.ts'
import { type Partitions, startPartitions } from '../../partition/partitions.ts'
import type { Role } from '../../partition/role.ts'
import type { Group } from '../../partition/testing/group.ts'
import type { VirtualClock } from '../../delivery/testing/virtual-clock.ts'
import { openAlertBook } from '../alert-book.ts'
import type { Subscriber } from '../announcement-notices.ts'
import type { FiringCounts } from '../take.ts'

export type ProcessParts = {
  /** Once it is not alive, nothing that it does happens. */
  readonly life: { isAlive: boolean }
  /** Asked at each commit: whether it dies of it, and when. */
  readonly dies: () => 'before' | 'after' | null
  readonly clock: VirtualClock
  readonly group: Group
  readonly alertStore: StateStore
  /** The aggregator's. */
  readonly store: Pick<StateStore, 'read'>
  readonly rules: readonly AlertRule[]
  readonly endpoints: readonly NoticeEndpoint[]
  readonly subscribers: readonly Subscriber[]
  readonly recordsMax: number
  readonly told: string[]
  readonly trouble: unknown[]
  readonly firing: (counts: FiringCounts) => void
}

/** The owner of partition 0 with its alert book. Its delivery takes nothing in. */
export async function startProcess(parts: ProcessParts): Promise<Partitions> {
  const { life, clock, group, told, trouble } = parts
  const store = mortalStore(parts)
  const log: EventLog = {
    ...group.log,
    append: (...args) => (life.isAlive ? group.log.append(...args) : never()),
  }
  const partitions = await startPartitions({
    ...{
      log,
      store,
      topic: 'alerts',
      group: 'alerts.alerter',
      nowMs: clock.nowMs,
      timer: clock,
      intakeRecordsMax: parts.recordsMax,
    },
    relay: outboxRelay({
      log,
      store,
      timer: clock,
      published: () => {},
      failed: (_, error) => trouble.push(error),
    }),
    roles: () => ({ book: bookOf(parts), delivery: deaf }),
    telemetry: {
      committed: () => {},
      taken: () => {},
      lagging: () => {},
      unreadable: (_, offset, error) => trouble.push(offset, error),
      gap: () => {},
      lost: (_, why) => void told.push(`lost: ${why}`),
      waiting: () => {},
    },
  })
  partitions.ended.catch((error: unknown) => trouble.push(error))
  return partitions
}

const never = (): Promise<never> => new Promise(() => {})

function mortalStore({ life, dies, alertStore: real }: ProcessParts): StateStore {
  return {
    ...real,
    acquire: (...args) => (life.isAlive ? real.acquire(...args) : never()),
    load: (...args) => (life.isAlive ? real.load(...args) : never()),
    read: (...args) => (life.isAlive ? real.read(...args) : never()),
    readOutbox: (...args) => (life.isAlive ? real.readOutbox(...args) : never()),
    trimOutbox: (...args) => (life.isAlive ? real.trimOutbox(...args) : never()),
    async commit(...args) {
      const moment = life.isAlive ? dies() : null
      if (moment === 'before') life.isAlive = false
      if (!life.isAlive) return never()
      const outcome = await real.commit(...args)
      if (moment === 'after') life.isAlive = false
      return life.isAlive ? outcome : never()
    },
  }
}

function bookOf(parts: ProcessParts): Role {
  const { clock, store, rules, endpoints, subscribers, told, trouble, firing } = parts
  return openAlertBook({
    ...{
      partition: 0 as PartitionId,
      store,
      topic: 'alerts',
      named: ['acme'],
      watchedPartitions: [0 as PartitionId],
      baseRules: rules,
      endpoints,
      subscribers,
    },
    ...{
      configOf: () => defaultTenantConfig,
      pageOf: (of) => `https://desk.example/alerts?tenant=${of}`,
      cardOf: (of, agent) => `https://desk.example/scorecards?tenant=${of}&agent=${agent}`,
    },
    ...{ nowMs: clock.nowMs, timer: clock, fail: (error) => void trouble.push(error) },
    telemetry: {
      firing,
      taken: (status) => void told.push(`taken ${status}`),
      told: (status, notices) => void told.push(`told ${status} ${notices}`),
      refused: (code) => void told.push(`refused ${code}`),
      evaluated: (count) => void told.push(`evaluated ${count}`),
      cut: (_, rule, slices) => void told.push(`cut ${rule} ${slices}`),
      unreadable: () => void told.push('unreadable'),
    },
  })
}

const deaf: Role = {
  start: () => Promise.resolve(),
  begin: () => Promise.resolve(),
  take: () => Promise.resolve({ change: noChange, taken: () => {} }),
  stop: () => Promise.resolve(),
}
