import { encodeFrame } from './frame.ts'
import type { Entry, Frame } from './frame.ts'
import type { Timer } from './timer.ts'

export type FrameLaneOptions = {
  readonly lingerMs: number
  readonly maxBytes: number
  readonly maxEntries: number
  readonly heartbeatMs: number
  readonly timer: Timer
  readonly header: () => Omit<Frame, 'entries'>
  readonly append: (value: Uint8Array) => Promise<void>
  /** So many bytes of entries are no longer under way. */
  readonly settled: (bytes: number) => void
}

/** One partition's frames: one append is under way while the next frame fills. */
export type FrameLane = {
  add(entry: Entry): Promise<void>
  flush(): Promise<void>
  close(): Promise<void>
}

type Filling = {
  readonly entries: Entry[]
  bytes: number
  /** Full, or has waited long enough: to be appended as soon as the one before it is through. */
  due: boolean
  readonly done: PromiseWithResolvers<void>
}

export function frameLane(options: FrameLaneOptions): FrameLane {
  const { lingerMs, maxBytes, maxEntries, heartbeatMs, timer, header, append, settled } = options
  /** Oldest first; all but the last are due. */
  const waiting: Filling[] = []
  let appending: Promise<void> | null = null
  let closed = false
  let cancelLinger = () => {}
  let cancelHeartbeat = timer.after(heartbeatMs, heartbeat)

  function add(entry: Entry): Promise<void> {
    const frame = lastOpen(entry.bytes.length) ?? open()
    frame.entries.push(entry)
    frame.bytes += entry.bytes.length
    if (frame.bytes >= maxBytes || frame.entries.length >= maxEntries) makeDue(frame)
    return frame.done.promise
  }

  function lastOpen(bytes: number): Filling | null {
    const last = waiting.at(-1)
    if (!last || last.due) return null
    if (last.bytes + bytes <= maxBytes) return last
    makeDue(last)
    return null
  }

  function open(): Filling {
    const frame: Filling = { entries: [], bytes: 0, due: false, done: Promise.withResolvers() }
    waiting.push(frame)
    cancelLinger = timer.after(lingerMs, () => makeDue(frame))
    return frame
  }

  function makeDue(frame: Filling): void {
    if (frame.due) return
    frame.due = true
    cancelLinger()
    next()
  }

  function next(): void {
    if (appending || !waiting[0]?.due) return
    const frame = waiting.shift()
    if (frame) send(frame.entries, frame)
  }

  function send(entries: readonly Entry[], frame: Filling | null): void {
    cancelHeartbeat()
    appending = append(encodeFrame({ ...header(), entries })).then(
      () => after(frame, frame?.done.resolve),
      (error: unknown) => after(frame, () => frame?.done.reject(error)),
    )
  }

  function after(frame: Filling | null, settle?: () => void): void {
    if (frame) settled(frame.bytes)
    settle?.()
    appending = null
    if (!closed) cancelHeartbeat = timer.after(heartbeatMs, heartbeat)
    next()
  }

  /** A lost heartbeat needs no retry: the next one says more. */
  function heartbeat(): void {
    if (!appending && waiting.length === 0) send([], null)
  }

  async function flush(): Promise<void> {
    const last = waiting.at(-1)
    if (last) makeDue(last)
    const open = waiting.map((frame) => frame.done.promise)
    await Promise.allSettled([appending, ...open])
  }

  async function close(): Promise<void> {
    closed = true
    cancelHeartbeat()
    await flush()
  }

  return { add, flush, close }
}
