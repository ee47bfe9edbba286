import type { Config } from '@deskpulse/contract'
import type { EventLog, TopicNames } from '@deskpulse/stream'
import type { Desk } from '../../support/desk.ts'
import type { Fault } from '../plan/faults.ts'
import type { Kept, OwnEnd } from './kept.ts'

/** The product under test with everything that it stands on, in either form. */
export type Plant = {
  readonly config: Config
  readonly topics: TopicNames
  readonly partitions: number
  /** By tenant and delivery, one after another where there are several. */
  readonly ingestUrls: readonly string[]
  /** `null`: this form takes events over HTTP alone. */
  readonly rawLog: EventLog | null
  /** One for each reader of its own. */
  readonly desks: readonly Desk[]
  readonly kept: readonly Kept[]
  /** Lets something go wrong, and returns when it is put right; processes may still be starting then. */
  strike(fault: Fault): Promise<void>
  /** Ends all that appends to the log, in order, once everything that was sent is in it. @returns what went wrong. */
  stopInput(): Promise<readonly string[]>
  /** Returns when all of the log is folded. The input is stopped. */
  folded(): Promise<void>
  /** What is read of the log in the end. */
  readonly openLog: () => Promise<EventLog>
  /** Ends the rest, in order. @returns what went wrong. */
  stop(): Promise<readonly string[]>
  readonly ownEnds: readonly OwnEnd[]
  [Symbol.asyncDispose](): Promise<void>
}
