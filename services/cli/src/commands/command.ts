import type { Environment } from '@deskpulse/contract'
import type { EventLog, RewritableTopic } from '@deskpulse/stream'
import type { Clock } from '../clock.ts'
import type { ExitCode } from '../command-line/failure.ts'
import type { CommandSpec, Typed } from '../command-line/spec.ts'
import type { Terminal } from '../output/terminal.ts'

/** What a command may touch of the world. */
export type Context = {
  readonly terminal: Terminal
  readonly clock: Clock
  /** Aborts at the first SIGINT or SIGTERM: finish what is under way and say how far it came. */
  readonly signal: AbortSignal
  readonly env: Environment
  /** The standard input. */
  input(): AsyncIterable<Uint8Array>
  connectKafka(brokers: readonly string[]): Promise<EventLog>
  openKafkaTopic(brokers: readonly string[], topic: string): Promise<RewritableTopic>
}

export type Command = {
  readonly spec: CommandSpec
  run(typed: Typed, context: Context): Promise<ExitCode>
}
