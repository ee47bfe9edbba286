/** What fails for a moment is tried again and harms nobody; a process is not ready once it has failed for so long without a success. */
export const lastingAfterMs = 5_000

/** Work of several kinds, or on several things, that is tried again when it fails. */
export type LastingFailures = {
  failed(what: string, error: Error): void
  /** It was done, or is not this process's any more. */
  over(what: string): void
  /** A readiness check. @throws Error that says what has failed, for how long and why. */
  check(): void
}

/** `nowMs`: a clock that does not jump. */
export function lastingFailures(nowMs: () => number = () => performance.now()): LastingFailures {
  const failing = new Map<string, { readonly sinceMs: number; readonly error: Error }>()
  return {
    failed(what, error) {
      failing.set(what, { sinceMs: failing.get(what)?.sinceMs ?? nowMs(), error })
    },
    over(what) {
      failing.delete(what)
    },
    check() {
      const lasting = [...failing].filter(([, { sinceMs }]) => nowMs() - sinceMs >= lastingAfterMs)
      const [first] = lasting.toSorted(([, a], [, b]) => a.sinceMs - b.sinceMs)
      if (first === undefined) return
      const [what, { sinceMs, error }] = first
      const more = lasting.length > 1 ? ` (and ${lasting.length - 1} more)` : ''
      const code = 'code' in error ? `${String(error.code)}: ` : ''
      throw new Error(
        `${what}${more} has failed for ${Math.floor((nowMs() - sinceMs) / 1_000)} s: ${code}${error.message}`,
      )
    },
  }
}
