import type { PartitionId } from '@deskpulse/stream'
import type { Connection } from './connection.ts'
import { answered } from './errors.ts'
import { decodeMessage, type Told } from './message.ts'

/** A commit that was heard of, and the generation that it is of. */
export type Heard = { readonly generation: string; readonly commit: Told }

/** What is heard of one partition. Messages may be missing, and come twice. */
export type Ear = {
  /** The next one; `null`: none within so many ms, or before the signal aborted. */
  next(ms: number): Promise<Heard | null>
  close(): void
}

/** All followers of a store hear by one connection, which is there while anybody listens. */
export type Hearing = {
  listen(partition: PartitionId, signal: AbortSignal): Ear
  /** Resolves when what is told from now on will be heard. @throws DeskpulseError STORE_UNAVAILABLE, STORE_SETTINGS */
  subscribed(): Promise<void>
  close(): void
}

type HearingOptions = {
  readonly channel: string
  /** A connection of its own, not yet open, and what opens it. */
  readonly connection: () => Connection
  readonly open: (connection: Connection) => Promise<void>
}

/** Beyond so many that nobody has taken, all are dropped: the feed itself tells them faster. */
const waitingMax = 100

export function hearing({ channel, connection: made, open }: HearingOptions): Hearing {
  const ears = new Map<PartitionId, Set<(heard: Heard) => void>>()
  let connection: Connection | null = null
  let subscribing: Promise<void> | null = null

  /** What cannot be read is as if it had not been sent: the feed says what it was. */
  function hear(bytes: Buffer): void {
    const message = decodeMessage(bytes)
    for (const commit of message?.commits ?? []) {
      for (const put of ears.get(commit.partition) ?? [])
        put({ generation: message!.generation, commit })
    }
  }

  async function subscribe(): Promise<void> {
    const own = made()
    connection = own
    own.on('messageBuffer', (_channel: Buffer, bytes: Buffer) => hear(bytes))
    try {
      await open(own)
      await answered('listening for commits', own.subscribe(channel))
    } catch (error) {
      own.disconnect()
      if (connection === own) close()
      throw error
    }
  }

  function close(): void {
    connection?.disconnect()
    connection = null
    subscribing = null
  }

  return {
    close,
    /** Once open it stays: what breaks is opened and subscribed again by the client. */
    subscribed: () => (subscribing ??= subscribe()),
    listen(partition, signal) {
      const { put, next, wake } = inbox()
      const ofPartition = ears.getOrInsertComputed(partition, () => new Set())
      ofPartition.add(put)
      signal.addEventListener('abort', wake)
      return {
        next,
        close() {
          signal.removeEventListener('abort', wake)
          ofPartition.delete(put)
          if (ofPartition.size === 0) ears.delete(partition)
          if (ears.size === 0) close()
        },
      }
    },
  }
}

function inbox(): {
  readonly put: (heard: Heard) => void
  readonly next: Ear['next']
  readonly wake: () => void
} {
  let waiting: Heard[] = []
  let resume = (): void => {}
  return {
    wake: () => resume(),
    put(heard) {
      if (waiting.length >= waitingMax) waiting = []
      waiting.push(heard)
      resume()
    },
    next(ms) {
      if (waiting.length > 0) return Promise.resolve(waiting.shift()!)
      return new Promise((resolve) => {
        const timeout = setTimeout(() => resume(), ms)
        resume = () => {
          clearTimeout(timeout)
          resume = () => {}
          resolve(waiting.shift() ?? null)
        }
      })
    },
  }
}
