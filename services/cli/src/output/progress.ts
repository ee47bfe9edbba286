import { Presets, SingleBar } from 'cli-progress'
import type { Clock } from '../clock.ts'
import type { Terminal } from './terminal.ts'

export type Progress = {
  /** `done` of `total` (bytes, milliseconds: whatever the caller counts), and events so far. */
  update(done: number, events: number): void
  end(): void
}

const lineEveryMs = 5_000

/** A bar on a screen; elsewhere (a file, a CI log) a plain line every five seconds. `total` null: it has no end, so there is no bar either. */
export function createProgress(terminal: Terminal, total: number | null, clock: Clock): Progress {
  return terminal.interactive && total !== null ? barProgress(total, clock) : lineProgress(terminal, total, clock)
}

function barProgress(total: number, clock: Clock): Progress {
  const startMs = clock.nowMs()
  const format = '{bar} {percentage} % | {events} events | {rate}/s'
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: true }, Presets.shades_classic)
  bar.start(total, 0, { events: 0, rate: 0 })
  return {
    update: (done, events) => {
      const seconds = (clock.nowMs() - startMs) / 1000
      bar.update(Math.min(done, total), { events, rate: seconds > 0 ? Math.round(events / seconds) : 0 })
    },
    end: () => bar.stop(),
  }
}

function lineProgress(terminal: Terminal, total: number | null, clock: Clock): Progress {
  let nextMs = clock.nowMs() + lineEveryMs
  return {
    update: (done, events) => {
      if (clock.nowMs() < nextMs) return
      nextMs = clock.nowMs() + lineEveryMs
      const share = total === null ? '' : `${total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 100} % | `
      terminal.err(`${share}${events} events\n`)
    },
    end: () => {},
  }
}
