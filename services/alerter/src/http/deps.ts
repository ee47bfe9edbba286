import type { Config } from '@deskpulse/contract'
import type { EventLog, StateStore, TopicNames, VersionedState } from '@deskpulse/stream'

export type AlerterHttpDeps = {
  readonly log: Pick<EventLog, 'append' | 'read'>
  readonly topics: Pick<TopicNames, 'alerts' | 'log'>
  /** The aggregator's: rules, configuration, measures. */
  readonly store: Pick<VersionedState, 'read' | 'check'>
  /** The alerter's own. */
  readonly alertStore: StateStore
  /** Of the log, and of the topic of alerts. */
  readonly partitions: number
  readonly config: Pick<Config, 'alerts' | 'tenants'>
  /** This process, for as long as it runs: what it appends to the log is told to come from it. */
  readonly sender: string
  /** Where the wallboard is, which another service serves; the page links to it. `null`: not known. */
  readonly boardPage: string | null
  readonly nowMs?: () => number
  /** Of commands and silences. */
  readonly newId?: () => string
}
