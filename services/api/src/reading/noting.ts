import type { Changed, ChangeCursor, CommitNotice } from '@deskpulse/stream'

/**
 * Notes what commits changed, each behind the one before: one that is noted again is read again, one that is left out would never be. What is told
 * during a read may lie before the read's moment or behind it, and is noted when the read is there.
 */
export type Noting = {
  told(notice: CommitNotice): void
  /** Commits lie between what was told last and what is told next. */
  broke(): void
  /** A read, from what was noted last on. It goes on until `end`, unless it fails. */
  during<Result>(read: () => Promise<Result>): Promise<Result>
  /** What was read is taken over, as of this moment. */
  end(moment: ChangeCursor): void
}

export function notingInOrder(note: (cursor: ChangeCursor, changed: Changed) => void): Noting {
  /** Told since a read began, up to a break; `null`: no read is under way. */
  let meanwhile: CommitNotice[] | null = null
  /** What comes before the next read lies behind a break: the read brings it. */
  let isGapped = false

  function end(moment: ChangeCursor | null): void {
    const notices = meanwhile ?? []
    meanwhile = null
    const behind = notices.findLastIndex(({ cursor }) => cursor === moment) + 1
    for (const { cursor, changed } of notices.slice(behind)) note(cursor, changed)
  }

  return {
    told(notice) {
      if (isGapped) return
      if (meanwhile === null) note(notice.cursor, notice.changed)
      else meanwhile.push(notice)
    },
    broke() {
      isGapped = meanwhile !== null // Without a read under way nothing is held any more.
    },
    async during(read) {
      meanwhile = []
      isGapped = false
      try {
        return await read()
      } catch (error) {
        end(null)
        throw error
      }
    },
    end,
  }
}
