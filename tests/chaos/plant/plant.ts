import type { Config } from '@deskpulse/contract'
import type { EventLog, TopicNames } from '@deskpulse/stream'
import type { Client } from '../../support/client.ts'
import type { Fault } from '../plan/faults.ts'
import type { Kept, OwnEnd } from './kept.ts'

/** The product under test with everything that it stands on, in either form. */
export type Plant = {
  readonly config: Config
  readonly topics: TopicNames
  readonly partitions: number
  readonly ingestUrls: readonly string[]
  /** Another client of the log; `null`: this form has none, and takes events over HTTP alone. */
  readonly ownLog: EventLog | null
  /** What is to be ready once nothing goes wrong any more. */
  readonly kept: readonly Kept[]
  /** Processes that nobody told to end, and that ended. */
  readonly ownEnds: readonly OwnEnd[]
  /** Changes whenever something more is counted. */
  counted(): Promise<string>
  /** Lets something go wrong, and returns when it is put right; processes may still be starting then. */
  strike(fault: Fault): Promise<void>
  /** Ends all that appends to the log, in order, once everything that was sent is in it. @returns what went wrong. */
  stopInput(): Promise<readonly string[]>
  /** Once the input is stopped: folds what is left of the log. @returns every reader of the product's own. */
  readAll(): Promise<readonly Client[]>
  /** Once the input is stopped: the log, as it is for good. */
  lastLog(): EventLog
  /** Ends the rest, in order. @returns what went wrong. */
  stop(): Promise<readonly string[]>
  /** Ends everything hard and removes its data. */
  [Symbol.asyncDispose](): Promise<void>
}
