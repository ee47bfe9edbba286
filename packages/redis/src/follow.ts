import { setTimeout as pause } from 'node:timers/promises'
import { decodeChanged, DeskpulseError } from '@deskpulse/stream'
import type { ChangeCursor, CommitNotice, FeedBreak, PartitionId } from '@deskpulse/stream'
import type { Connection } from './connection.ts'
import { answered } from './errors.ts'
import type { Ear, Heard, Hearing } from './hearing.ts'
import { isBefore } from './message.ts'
import { idIn, positionIn } from './positions.ts'
import { positionOf } from './read.ts'
import { listOf, streamEntryOf } from './reply.ts'
import type { StreamEntry } from './reply.ts'

type Following = {
  readonly partition: PartitionId
  readonly connection: Connection
  readonly hearing: Hearing
  /** The feed as it is now: of which generation, and its keys. */
  feed(): Promise<Feed>
  /** Where to begin; `null`: it could not be asked, so that commits may have been missed. */
  readonly from: Promise<ChangeCursor | null>
  /** Where the feed stands. */
  now(): Promise<ChangeCursor>
  readonly signal: AbortSignal
}

type Feed = { readonly generation: string; readonly changes: string; readonly meta: string }

const readAtOnce = 100
const retryPauseMs = 200
/** Heartbeats commit several times a second: where nothing is heard for so long, the feed is asked whether there is something. */
const silentMs = 500
const nowhere = '' as ChangeCursor
/** The id of a feed without a commit. */
export const nothingYet = '0-0'

type Step = { readonly cursor: ChangeCursor; readonly tell: CommitNotice | FeedBreak }

/**
 * Commits as they are heard of, as far as each follows the one before it. Where one does not, or nothing is heard, the feed in the store tells what was
 * missed; it is the truth, and a message that is lost, or cannot be read, costs half a second at most. Ends with the signal alone: a Redis that is away is waited for.
 */
export async function* follow(
  following: Following,
): AsyncGenerator<CommitNotice | FeedBreak, void, void> {
  const { partition, hearing, signal } = following
  let cursor = (await following.from) ?? nowhere
  const ear = hearing.listen(partition, signal)
  try {
    while (!signal.aborted) {
      try {
        await hearing.subscribed()
        for await (const step of steps(following, ear, cursor)) {
          cursor = step.cursor
          if (signal.aborted) return
          yield step.tell
        }
      } catch (error) {
        if (!signal.aborted && !isUnavailable(error)) throw error
      }
      await pause(retryPauseMs, null, { signal }).catch(() => {})
    }
  } finally {
    ear.close()
  }
}

/** Goes on until Redis does not answer, or the signal aborts. */
async function* steps(
  following: Following,
  ear: Ear,
  from: ChangeCursor,
): AsyncGenerator<Step, void, void> {
  let cursor = from
  while (!following.signal.aborted) {
    const missed = await stored(following, cursor)
    for (const step of missed.steps) {
      cursor = step.cursor
      yield step
    }
    if (missed.end === 'more') continue
    if (missed.end === 'broken') {
      // Taken before the caller is told: what it reads upon `lost` is then at least as new.
      cursor = await following.now()
      yield { cursor, tell: 'lost' }
      continue
    }
    for (let step = await heard(ear, cursor); step !== null; step = await heard(ear, cursor)) {
      cursor = step.cursor
      yield step
    }
  }
}

/** The commit that follows; `null`: it has not been heard of. Those before it are known already. */
async function heard(ear: Ear, cursor: ChangeCursor): Promise<Step | null> {
  const untilMs = performance.now() + silentMs
  for (;;) {
    const one = await ear.next(Math.max(0, untilMs - performance.now()))
    if (one === null) return null
    if (!isKnown(one, cursor)) return stepOf(one, cursor)
  }
}

function isKnown({ generation, commit }: Heard, cursor: ChangeCursor): boolean {
  const id = idIn(generation, cursor)
  return id !== null && !isBefore(id, commit.id)
}

function stepOf({ generation, commit }: Heard, before: ChangeCursor): Step | null {
  const { previous, id, offset, logTimeMs, watermarkMs } = commit
  const changed = decodeChanged(commit.changed)
  if (changed === null || positionIn<ChangeCursor>(generation, previous) !== before) return null
  const cursor = positionIn<ChangeCursor>(generation, id)
  return { cursor, tell: { cursor, offset, logTimeMs, watermarkMs, changed } }
}

type Stored = {
  readonly steps: readonly Step[]
  /** `reached`: these are all. `broken`: what comes next is not there any more. */
  readonly end: 'reached' | 'more' | 'broken'
}

/** What the feed in the store has after the cursor, as far as each commit follows the one before it. */
async function stored(
  { connection, feed: find }: Following,
  cursor: ChangeCursor,
): Promise<Stored> {
  const { generation, changes, meta } = await find()
  const last = idIn(generation, cursor)
  if (last === null) return { steps: [], end: 'broken' }
  // In this order: a commit between the two answers is in the second one.
  const asked = [
    connection.hget(meta, 'cursor'),
    connection.callBuffer('XRANGE', changes, `(${last}`, '+', 'COUNT', readAtOnce),
  ] as const
  const [newest, reply] = await answered('following', Promise.all(asked))
  const entries = listOf(reply).map(streamEntryOf)
  if (entries.length === 0)
    return { steps: [], end: (newest ?? nothingYet) === last ? 'reached' : 'broken' }
  const steps: Step[] = []
  let previous = last
  for (const entry of entries) {
    if (entry.fields.get('previous')?.toString() !== previous) return { steps, end: 'broken' }
    previous = entry.id
    const at = positionIn<ChangeCursor>(generation, entry.id)
    steps.push({ cursor: at, tell: noticeOf(entry, at) })
  }
  return { steps, end: entries.length < readAtOnce ? 'reached' : 'more' }
}

function noticeOf({ fields }: StreamEntry, cursor: ChangeCursor): CommitNotice | 'unreadable' {
  const bytes = fields.get('changed')
  const changed = bytes === undefined ? null : decodeChanged(bytes)
  if (changed === null) return 'unreadable'
  return {
    ...positionOf(fields.get('offset'), fields.get('logTime'), fields.get('watermark')),
    cursor,
    changed,
  }
}

const isUnavailable = (error: unknown): boolean =>
  error instanceof DeskpulseError && error.code === 'STORE_UNAVAILABLE'
