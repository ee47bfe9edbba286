import type { LogRecord, NewRecord, Offset } from './event-log.ts'

/** What becomes of a record: it stays, it goes, or another one takes its place. */
export type Rewriting = 'keep' | 'remove' | NewRecord

/**
 * A topic of one partition that nobody consumes, for tools: read at leisure, and rewritten. Others may append to it meanwhile. The contract suite is its
 * documentation.
 */
export type RewritableTopic = {
  /** Resolves when the topic has them for good. @throws DeskpulseError LOG_UNAVAILABLE, LOG_FULL, LOG_TOPIC_UNKNOWN. */
  append(records: readonly NewRecord[]): Promise<void>
  /** At most `limit` records from `from` (or the first retained one after it), oldest first; empty only at the end. */
  read(from: Offset, limit: number): Promise<readonly LogRecord[]>
  /**
   * Decides about every record that is there when it begins; `decide` may be asked twice about one. When it resolves, what was to go cannot be read any more.
   * What stays keeps its key, value and headers; it may have another offset and append time, and stand behind what was after it. Ended in between, some of
   * what stays may be there twice; nothing is lost.
   */
  rewrite(decide: (record: LogRecord) => Rewriting): Promise<void>
  close(): Promise<void>
}
