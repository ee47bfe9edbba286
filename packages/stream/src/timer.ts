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

/** Acts wait for `ms` from the first one on, and pass together. Each may be called off. */
export function together(timer: Timer, ms: number): (act: () => void) => () => void {
  let waiting = new Set<() => void>()
  function pass(): void {
    const due = waiting
    waiting = new Set()
    for (const act of due) act()
  }
  return (act) => {
    if (waiting.size === 0) timer.after(ms, pass)
    waiting.add(act)
    return () => void waiting.delete(act)
  }
}
