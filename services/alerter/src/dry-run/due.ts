import type { EpochMs } from '@deskpulse/core'

/** Subjects and when each is to be looked at next, the earliest first, ties by name. */
export type Due = {
  /** Replaces what was set before; `null`: never. */
  set(subject: string, atMs: EpochMs | null): void
  /** The earliest that is due at `nowMs`, taken out; `null`: none. */
  take(nowMs: EpochMs): string | null
  /** When the earliest is due, or was once to be; `null`: nothing ever is. */
  nextMs(): EpochMs | null
}

type Item = { readonly subject: string; readonly atMs: EpochMs }

const isBefore = (a: Item, b: Item): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.subject < b.subject)

/** A binary heap; what was replaced stays in it until it comes up, and is passed over then. */
export function dueHeap(): Due {
  const heap: Item[] = []
  const current = new Map<string, EpochMs>()

  function push(item: Item): void {
    let at = heap.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(item, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = item
  }

  function pop(): Item {
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) sink(last)
    return first
  }

  function sink(item: Item): void {
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= heap.length) break
      const right = left + 1
      const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left
      if (!isBefore(heap[child]!, item)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = item
  }

  return {
    set(subject, atMs) {
      if (current.get(subject) === (atMs ?? undefined)) return
      if (atMs === null) current.delete(subject)
      else {
        current.set(subject, atMs)
        push({ subject, atMs })
      }
    },
    take(nowMs) {
      while (heap[0] !== undefined && heap[0].atMs <= nowMs) {
        const { subject, atMs } = pop()
        if (current.get(subject) !== atMs) continue
        current.delete(subject)
        return subject
      }
      return null
    },
    nextMs: () => heap[0]?.atMs ?? null,
  }
}
