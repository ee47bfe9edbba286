import { setTimeout as pause } from 'node:timers/promises'
import { DeskpulseError } from '@deskpulse/stream'
import type { ChangeCursor, CommitNotice } from '@deskpulse/stream'
import type { Connection } from './connection.ts'
import { answered } from './errors.ts'
import { idIn, positionIn } from './positions.ts'
import { keysIn, positionOf } from './read.ts'
import { fieldOf, listOf, streamEntryOf } from './reply.ts'
import type { StreamEntry } from './reply.ts'

type Following = {
  /** The feed as it is now: of which generation, and its key. */
  feed(): Promise<Feed>
  /** Where to begin; `null`: it could not be asked, so that commits may have been missed. */
  readonly from: Promise<ChangeCursor | null>
  /** A connection of its own, not yet open, since waiting for changes blocks it; and what opens it. */
  readonly connection: () => Connection
  readonly open: (connection: Connection) => Promise<void>
  /** Where the feed stands, and whether it still reaches back to `cursor`. */
  stand(cursor: ChangeCursor): Promise<{ readonly now: ChangeCursor; readonly lost: boolean }>
  readonly blockMs: number
  readonly signal: AbortSignal
}

type Feed = { readonly generation: string; readonly changes: string }

const followedAtOnce = 100
const retryPauseMs = 200
const nowhere = '' as ChangeCursor

/** Ends with the signal alone: a Redis that is away is waited for. */
export async function* follow(following: Following): AsyncGenerator<CommitNotice | 'lost', void, void> {
  const { signal } = following
  let cursor = (await following.from) ?? nowhere
  while (!signal.aborted) {
    const connection = following.connection()
    const end = (): void => connection.disconnect()
    signal.addEventListener('abort', end)
    try {
      await following.open(connection)
      for await (const step of steps(following, connection, cursor)) {
        cursor = step.cursor
        if (signal.aborted) return
        yield step.tell
      }
    } catch (error) {
      if (!signal.aborted && !isUnavailable(error)) throw error
    } finally {
      signal.removeEventListener('abort', end)
      connection.disconnect()
    }
    await pause(retryPauseMs, null, { signal }).catch(() => {})
  }
}

type Step = { readonly cursor: ChangeCursor; readonly tell: CommitNotice | 'lost' }

/** Goes on until the connection breaks. Where it begins is checked first: Redis may have been restored while nobody listened. */
async function* steps(following: Following, connection: Connection, from: ChangeCursor): AsyncGenerator<Step, never, void> {
  let cursor = from
  let broken = (await following.stand(cursor)).lost
  for (;;) {
    if (broken) {
      // Taken before the caller is told: what it reads upon `lost` is then at least as new.
      cursor = (await following.stand(cursor)).now
      yield { cursor, tell: 'lost' }
    }
    const feed = await following.feed()
    const last = idIn(feed.generation, cursor)
    broken = last === null
    if (last !== null) {
      for (const step of await nextSteps(following, connection, feed, last)) {
        broken = step === 'broken'
        if (step === 'broken') break
        cursor = step.cursor
        yield step
      }
    }
  }
}

/** Of the entries after `last`, as far as each follows the one before it. */
async function nextSteps({ blockMs }: Following, connection: Connection, feed: Feed, last: string): Promise<(Step | 'broken')[]> {
  const args = ['COUNT', followedAtOnce, 'BLOCK', blockMs, 'STREAMS', feed.changes, last]
  const reply = await answered('following', connection.callBuffer('XREAD', args))
  if (reply === null) return []
  const [[, entries] = []] = listOf(reply).map(listOf)
  const steps: (Step | 'broken')[] = []
  let previous = last
  for (const entry of listOf(entries).map(streamEntryOf)) {
    if (fieldOf(entry, 'previous').toString() !== previous) return [...steps, 'broken']
    previous = entry.id
    const cursor = positionIn<ChangeCursor>(feed.generation, entry.id)
    steps.push({ cursor, tell: noticeOf(entry, cursor) })
  }
  return steps
}

function noticeOf(entry: StreamEntry, cursor: ChangeCursor): CommitNotice {
  const position = positionOf(fieldOf(entry, 'offset'), fieldOf(entry, 'logTime'), fieldOf(entry, 'watermark'))
  return { ...position, cursor, keys: keysIn(fieldOf(entry, 'keys')) }
}

const isUnavailable = (error: unknown): boolean => error instanceof DeskpulseError && error.code === 'STORE_UNAVAILABLE'
