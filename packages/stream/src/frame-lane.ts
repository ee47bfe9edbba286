import { fillingFrames } from './frame-filling.ts'
import type { Filling } from './frame-filling.ts'
import { encodeFrame } from './frame.ts'
import type { Entry, Frame } from './frame.ts'
import type { Timer } from './timer.ts'

export type FrameLaneOptions = {
  readonly maxBytes: number
  readonly maxEntries: number
  readonly heartbeatMs: number
  readonly timer: Timer
  /** Calls when a frame that begins to fill now has waited for long enough. @returns calls that off. */
  readonly linger: (act: () => void) => () => void
  /** The lane has been silent for as long as `heartbeatMs`. */
  readonly silent: () => void
  readonly header: () => Omit<Frame, 'entries'>
  readonly append: (value: Uint8Array) => Promise<void>
  /** So many bytes of entries are no longer under way. */
  readonly settled: (bytes: number) => void
}

/** One partition's frames: one append is under way while the next frame fills. */
export type FrameLane = {
  add(entry: Entry): Promise<void>
  /** Appends an empty frame if it has been silent for at least half of `heartbeatMs`. A lost one needs no retry: the next one says more. */
  beat(): void
  flush(): Promise<void>
  close(): Promise<void>
}

export function frameLane(options: FrameLaneOptions): FrameLane {
  const { maxBytes, maxEntries, heartbeatMs, timer, linger, silent, header, append, settled } =
    options
  const frames = fillingFrames(maxBytes, maxEntries)
  let appending: Promise<void> | null = null
  let closed = false
  let isQuiet = false
  let cancelLinger = () => {}
  let cancelHeartbeat = awaitSilence()

  function add(entry: Entry): Promise<void> {
    const { frame, opened } = frames.add(entry)
    if (opened) {
      cancelLinger()
      cancelLinger = linger(() => makeDue(frame))
    }
    sendDue()
    return frame.done.promise
  }

  function makeDue(frame: Filling): void {
    frame.due = true
    sendDue()
  }

  function sendDue(): void {
    const frame = appending ? null : frames.takeDue()
    if (frame) send(frame.entries, frame)
  }

  function send(entries: readonly Entry[], frame: Filling | null): void {
    cancelHeartbeat()
    isQuiet = false
    appending = append(encodeFrame({ ...header(), entries })).then(
      () => after(frame, frame?.done.resolve),
      (error: unknown) => after(frame, () => frame?.done.reject(error)),
    )
  }

  function after(frame: Filling | null, settle?: () => void): void {
    if (frame) settled(frame.bytes)
    settle?.()
    appending = null
    if (!closed) cancelHeartbeat = awaitSilence()
    sendDue()
  }

  function awaitSilence(): () => void {
    const half = heartbeatMs / 2
    let cancel = timer.after(half, () => {
      isQuiet = true
      cancel = timer.after(half, silent)
    })
    return () => cancel()
  }

  function beat(): void {
    if (isQuiet && !appending && !closed && frames.waiting.length === 0) send([], null)
  }

  async function flush(): Promise<void> {
    const last = frames.waiting.at(-1)
    if (last) makeDue(last)
    const open = frames.waiting.map((frame) => frame.done.promise)
    await Promise.allSettled([appending, ...open])
  }

  async function close(): Promise<void> {
    closed = true
    cancelHeartbeat()
    await flush()
  }

  return { add, beat, flush, close }
}
