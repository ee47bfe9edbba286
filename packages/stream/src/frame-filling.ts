import type { Entry } from './frame.ts'

export type Filling = {
  readonly entries: Entry[]
  bytes: number
  /** Full, or has waited long enough: to be appended as soon as the one before it is through. */
  due: boolean
  readonly done: PromiseWithResolvers<void>
}

/** The frames of one partition that wait to be appended, oldest first; all but the last are due. */
export type FillingFrames = {
  /** Puts the entry into the last frame, or into a new one where that is due or would become too large. */
  add(entry: Entry): { readonly frame: Filling; readonly opened: boolean }
  /** Takes the oldest frame away if it is due. */
  takeDue(): Filling | null
  readonly waiting: readonly Filling[]
}

export function fillingFrames(maxBytes: number, maxEntries: number): FillingFrames {
  const waiting: Filling[] = []

  function openFor(bytes: number): Filling | null {
    const last = waiting.at(-1)
    if (last && last.bytes + bytes > maxBytes) last.due = true
    return last && !last.due ? last : null
  }

  return {
    waiting,
    add(entry) {
      const last = openFor(entry.bytes.length)
      const frame: Filling = last ?? {
        entries: [],
        bytes: 0,
        due: false,
        done: Promise.withResolvers(),
      }
      if (!last) waiting.push(frame)
      frame.entries.push(entry)
      frame.bytes += entry.bytes.length
      frame.due = frame.bytes >= maxBytes || frame.entries.length >= maxEntries
      return { frame, opened: !last }
    },
    takeDue() {
      return waiting[0]?.due ? (waiting.shift() ?? null) : null
    },
  }
}
