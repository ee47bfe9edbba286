import type { Place, ToldRow } from '@deskpulse/engine'
import type { Moment } from './moment.ts'
import type { ExplainedPage } from './source.ts'

/** The rows behind a value of one moment, made from the log: all pages are of them. */
export type LogRows = Pick<ExplainedPage, 'basis' | 'explained' | 'clock' | 'snapshot'> &
  Moment & { readonly rows: readonly ToldRow[]; readonly place: Place | null }

const keptMax = 4
/** What is asked for the first time is made anew after that; who goes on with a page has longer. */
const [freshMs, keptMs] = [60_000, 600_000]

/** What was made from the log lately: a page more does not cost the same again. */
export class KeptReplays {
  readonly #kept = new Map<string, { readonly made: LogRows; readonly atMs: number }>()

  /** @param goesOn a page before was of them. @param nowMs of a clock that only goes on. */
  get(what: string, goesOn: boolean, nowMs: number): LogRows | undefined {
    const found = this.#kept.get(what)
    if (found === undefined) return undefined
    return nowMs - found.atMs < (goesOn ? keptMs : freshMs) ? found.made : undefined
  }

  keep(what: string, made: LogRows, nowMs: number): void {
    this.#kept.delete(what)
    this.#kept.set(what, { made, atMs: nowMs })
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptMax) return
      this.#kept.delete(oldest)
    }
  }
}
