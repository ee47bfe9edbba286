/** Time as a port, for what acts after a while. */
export type Timer = {
  /** Runs `act` once, `ms` from now; the returned function calls it off. */
  after(ms: number, act: () => void): () => void
}

export const realTimer: Timer = {
  after(ms, act) {
    const handle = setTimeout(act, ms)
    return () => clearTimeout(handle)
  },
}

export function waitFor(timer: Timer, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timer.after(ms, resolve)
  })
}
