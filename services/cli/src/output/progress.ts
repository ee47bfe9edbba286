import { Presets, SingleBar } from 'cli-progress'
import type { Clock } from '../clock.ts'
import type { Terminal } from './terminal.ts'

export type Progress = {
  /** `done` of `total` (bytes, milliseconds: whatever the caller counts), and events so far. */
  update(done: number, events: number): void
  end(): void
}

type ProgressOptions = {
  /** Also tells, in lines as on a bar, the rate and how long the rest may take. */
  readonly estimates?: boolean
}

const lineEveryMs = 5_000

/** A bar on a screen; elsewhere (a file, a CI log) a plain line every five seconds. `total` null: it has no end, so there is no bar either. */
export function createProgress(
  terminal: Terminal,
  total: number | null,
  clock: Clock,
  options: ProgressOptions = {},
): Progress {
  return terminal.interactive && total !== null
    ? barProgress(total, clock, options)
    : lineProgress(terminal, total, clock, options)
}

function barProgress(
  total: number,
  clock: Clock,
  { estimates = false }: ProgressOptions,
): Progress {
  const startMs = clock.nowMs()
  const format = `{bar} {percentage} % | {events} events | {rate}/s${estimates ? '{left}' : ''}`
  const bar = new SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  )
  bar.start(total, 0, { events: 0, rate: 0, left: '' })
  return {
    update: (done, events) => {
      const passedMs = clock.nowMs() - startMs
      bar.update(Math.min(done, total), {
        events,
        rate: rateOf(events, passedMs),
        left: leftOf(done / total, passedMs),
      })
    },
    end: () => bar.stop(),
  }
}

function lineProgress(
  terminal: Terminal,
  total: number | null,
  clock: Clock,
  { estimates = false }: ProgressOptions,
): Progress {
  const startMs = clock.nowMs()
  let nextMs = startMs + lineEveryMs
  return {
    update: (done, events) => {
      const nowMs = clock.nowMs()
      if (nowMs < nextMs) return
      nextMs = nowMs + lineEveryMs
      const share =
        total === null
          ? ''
          : `${total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 100} % | `
      const passedMs = nowMs - startMs
      const rest =
        estimates && total !== null
          ? ` | ${rateOf(events, passedMs)}/s${leftOf(done / total, passedMs)}`
          : ''
      terminal.err(`${share}${events} events${rest}\n`)
    },
    end: () => {},
  }
}

const rateOf = (events: number, passedMs: number): number =>
  passedMs > 0 ? Math.round((events * 1_000) / passedMs) : 0

/** Says nothing before a hundredth is done: it would be a guess. */
function leftOf(share: number, passedMs: number): string {
  if (share < 0.01 || share >= 1) return ''
  const seconds = Math.ceil((passedMs / 1_000) * (1 / share - 1))
  return ` | about ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} left`
}
