/** How much may be sent by now, in [0, 1]. */
export type Pace = {
  /** So many faults have begun. */
  reached(faults: number): void
  share(): number
}

/** About as long as one fault lasts until the next: what is sent with it is spread over that. */
const spreadMs = 2_000

/** With each of so many faults goes an equal part, little by little: what happens meanwhile happens to something. */
export function evenPace(faults: number, nowMs: () => number = () => performance.now()): Pace {
  let from = 0
  let to = 0
  let sinceMs = nowMs()
  const share = (): number => from + (to - from) * Math.min(1, (nowMs() - sinceMs) / spreadMs)
  return {
    reached(count) {
      from = share()
      to = count / faults
      sinceMs = nowMs()
    },
    share,
  }
}
