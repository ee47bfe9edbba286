import { createAgenda } from './agenda.ts'

/** Something that processes wait for; `fire` wakes all that wait now. */
export type Signal = { fire(): void; readonly waiting: Set<() => void> }

/** What a process yields: milliseconds to sleep, or a signal, awaited for at most `withinMs`. */
export type Pause = number | { readonly signal: Signal; readonly withinMs?: number }

/** One agent's day, one contact's course: code that reads from top to bottom in virtual time. */
export type Process<Result = void> = Generator<Pause, Result, void>

export type Processes = {
  nowMs(): number
  start(process: Process): void
  /** Goes to the next thing that happens and lets it happen; `false`: nothing ever will. */
  step(): boolean
}

/** A discrete-event engine: virtual time jumps from one waking to the next. */
export function createProcesses(startMs: number): Processes {
  const agenda = createAgenda<() => void>()
  let nowMs = startMs

  const resume = (process: Process): void => {
    const { done, value } = process.next()
    if (done === true) return
    if (typeof value === 'number')
      agenda.add(nowMs + Math.max(0, Math.round(value)), () => resume(process))
    else awaitSignal(process, value.signal, value.withinMs)
  }

  const awaitSignal = (process: Process, signal: Signal, withinMs: number | undefined): void => {
    let isAwaiting = true // Of signal and time-out, the first one wakes; the other finds nobody.
    const wake = (): void => {
      if (!isAwaiting) return
      isAwaiting = false
      signal.waiting.delete(wake)
      agenda.add(nowMs, () => resume(process))
    }
    signal.waiting.add(wake)
    if (withinMs !== undefined && withinMs !== Infinity)
      agenda.add(nowMs + Math.max(0, Math.round(withinMs)), wake)
  }

  return {
    nowMs: () => nowMs,
    start: (process) => agenda.add(nowMs, () => resume(process)),
    step: () => {
      const next = agenda.take()
      if (next === null) return false
      nowMs = next.atMs
      next.item()
      return true
    },
  }
}

export function createSignal(): Signal {
  const waiting = new Set<() => void>()
  return { waiting, fire: () => [...waiting].forEach((wake) => wake()) }
}
