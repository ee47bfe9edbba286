import type {
  ChangeCursor,
  CommitNotice,
  FeedBreak,
  PartitionId,
  StateStore,
} from '@deskpulse/stream'
import { type Answer, type Held, heldParts, joined, type Needs } from './held.ts'
import { notingInOrder } from './noting.ts'
import { type Results, resultsOfMoment } from './results.ts'
import { tenantChanges, type TenantChanges } from './tenant-changes.ts'
import { noTurns, type Turns } from './turns.ts'
import { type Waiters, waitersFor } from './waiters.ts'

export type PartitionViewOptions = {
  readonly store: Pick<StateStore, 'read' | 'follow'>
  readonly partition: PartitionId
  readonly nowMs: () => number
  /** Told when the change feed fails; it is followed again at the next read. */
  readonly onFeedFailed: (error: unknown) => void
  /** Told when a commit said what it changed in a form that this version does not know: all is read anew then. */
  readonly onUnreadable: () => void
  readonly recordsMax?: number
}

/** One partition as readers see it: what was read is held until a commit changes it. */
export type PartitionView = {
  /**
   * All needs of one moment, which is not before the last commit that the change feed has told of. Costs no read while nothing was committed
   * and everything is held.
   * @param turn given: records are read piece by piece, before all is read in one; others have their turn in between.
   * @throws DeskpulseError STORE_UNAVAILABLE
   */
  read(needs: Needs, turn?: Turns): Promise<Answer>
  /** What was made of that moment: it stands until the next commit. */
  readonly results: Results
  /** What changed, up to the moment of the last read and the commits told of since. */
  readonly changes: Pick<TenantChanges, 'of'>
  close(): void
}

/** Heartbeats commit several times a second: a feed that is silent for longer may be broken, and the store is asked instead. */
export const feedTrustedMs = 1_000
const recordsMaxDefault = 200_000
/** Records of one read of a piece: some milliseconds, in which an embedded store answers nobody else. */
const pieceRecords = 2_000

/** What is missing of the records, so that little is left for the read that takes all of one moment. What commits change meanwhile is read again. */
async function readPieces(
  held: Pick<Held, 'has'>,
  waiters: Pick<Waiters, 'wait'>,
  keys: readonly string[],
  turn: Turns,
): Promise<void> {
  for (let at = 0; at + 2 * pieceRecords < keys.length; at += pieceRecords) {
    const missing = keys.slice(at, at + pieceRecords).filter((key) => !held.has(key))
    if (missing.length > 0) await waiters.wait({ keys: missing, open: [] })
    await turn()
  }
}

export function partitionView(options: PartitionViewOptions): PartitionView {
  const {
    store,
    partition,
    nowMs,
    onFeedFailed,
    onUnreadable,
    recordsMax = recordsMaxDefault,
  } = options
  const held = heldParts(recordsMax)
  const changes = tenantChanges()
  const closing = new AbortController()
  let isFollowing = false
  let told = 0
  let heardAtMs = Number.NEGATIVE_INFINITY
  /** The newest commit that was told of, not being the one that is held; `null`: what is held is the newest that is known. */
  let newer: ChangeCursor | FeedBreak | null = null
  const noting = notingInOrder((cursor, changed) => held.note(cursor, changed))

  const isClean = (): boolean =>
    isFollowing && newer === null && nowMs() - heardAtMs < feedTrustedMs
  const current = (): ChangeCursor | null => (isClean() ? (held.moment()?.cursor ?? null) : null)
  const results = resultsOfMoment(current, () => told)

  function hear(notice: CommitNotice | FeedBreak): void {
    heardAtMs = nowMs()
    told += 1
    if (typeof notice === 'string') {
      held.drop()
      noting.broke()
      newer = notice // The next read says that anything may have changed.
      if (notice === 'unreadable') onUnreadable()
    } else if (notice.cursor !== held.moment()?.cursor) {
      newer = notice.cursor
      changes.mark(notice.changed, notice.logTimeMs)
      noting.told(notice)
    }
  }

  async function follow(from: ChangeCursor): Promise<void> {
    isFollowing = true
    try {
      for await (const notice of store.follow(partition, from, closing.signal)) hear(notice)
    } catch (error) {
      onFeedFailed(error)
    } finally {
      isFollowing = false
      held.drop()
    }
  }

  const waiters = waitersFor(async (batch) => {
    const needs = joined(...batch.map((waiter) => waiter.needs))
    const isWhole = batch.some((waiter) => waiter.whole)
    const query = held.query(needs, isWhole)
    const toldBefore = told
    const snapshot = await noting.during(() => store.read(partition, query))
    heardAtMs = nowMs()
    held.take(query, snapshot)
    changes.mark(snapshot.changed, snapshot.logTimeMs)
    if (told === toldBefore || newer === snapshot.cursor) newer = null
    for (const waiter of batch) {
      const answer = held.answer(waiter.needs) // At once: the next notice may take away what was read.
      if (answer === null) waiters.again(waiter)
      else waiter.resolve(answer)
    }
    noting.end(snapshot.cursor)
    if (!isFollowing && !closing.signal.aborted) void follow(snapshot.cursor)
  })

  return {
    async read(needs, turn = noTurns) {
      if (turn !== noTurns) await readPieces(held, waiters, needs.keys, turn)
      const answer = isClean() ? held.answer(needs) : null
      return answer ?? waiters.wait(needs)
    },
    results,
    changes,
    close: () => closing.abort(),
  }
}
