import type { RowSet } from '../../subjects/row-set.ts'
import { keyOfRow, type Row } from '../../subjects/row.ts'
import { slotMs, type EpochMs } from '../../time/time.ts'

/** Rows of the quarter-hours of a day that are over: those of one are replaced together. */
export class SlotRows {
  readonly #rows: RowSet
  /** Their keys, by quarter-hour. */
  readonly #keys = new Map<EpochMs, readonly string[]>()
  #stoppedAtMs = -Infinity

  constructor(rows: RowSet) {
    this.#rows = rows
  }

  put(startMs: EpochMs, rows: readonly Row[]): void {
    const keys = rows.map(keyOfRow)
    for (const key of this.#keys.get(startMs) ?? []) if (!keys.includes(key)) this.#rows.remove(key)
    for (const row of rows) this.#rows.put(row)
    if (keys.length === 0) this.#keys.delete(startMs)
    else this.#keys.set(startMs, keys)
  }

  /** Takes back those of quarter-hours that are not over at the instant of the fold. */
  stopAt(stopMs: EpochMs): void {
    if (stopMs < this.#stoppedAtMs)
      for (const startMs of this.#keys.keys()) if (startMs + slotMs > stopMs) this.put(startMs, [])
    this.#stoppedAtMs = stopMs
  }
}
