import type { EventLog, LogRecord, StateStore, TopicNames } from '@deskpulse/stream'

/** One of the two ways in which the product is installed: its adapters of the log and of the store. */
export type Installation = {
  readonly name: string
  readonly topics: TopicNames
  /** By partition. They are appended at the instants that they name. */
  append(records: readonly (readonly LogRecord[])[]): Promise<void>
  /** What a process has of it: connections, or files, of its own. */
  open(): Promise<{ readonly log: EventLog; readonly store: StateStore }>
  /** Ends it and removes its data. */
  [Symbol.asyncDispose](): Promise<void>
}
