import type { EpochMs } from './time.ts'

/** What is to be looked at, and when: the earliest first, ties by name. Each key stands at one time. */
export type DueQueue<Key> = {
  /** Replaces what was set before; `null`: never. */
  set(key: Key, atMs: EpochMs | null): void
  /** The earliest that is due at `nowMs`, taken out; `null`: none. */
  take(nowMs: EpochMs): Key | null
  /** When the earliest is due, or was once to be; `null`: nothing ever is. */
  nextMs(): EpochMs | null
}

type Item<Key> = { readonly key: Key; readonly name: string; readonly atMs: EpochMs }

/** A binary heap; what was replaced stays in it until it comes up, and is passed over then. */
export function dueQueue<Key>(nameOf: (key: Key) => string): DueQueue<Key> {
  const heap: Item<Key>[] = []
  const current = new Map<Key, EpochMs>()

  const isBefore = (a: Item<Key>, b: Item<Key>): boolean =>
    a.atMs < b.atMs || (a.atMs === b.atMs && a.name < b.name)

  function push(item: Item<Key>): void {
    let at = heap.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(item, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = item
  }

  function pop(): Item<Key> {
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) sink(last)
    return first
  }

  function sink(item: Item<Key>): void {
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
    set(key, atMs) {
      if (current.get(key) === (atMs ?? undefined)) return
      if (atMs === null) current.delete(key)
      else {
        current.set(key, atMs)
        push({ key, name: nameOf(key), atMs })
      }
    },
    take(nowMs) {
      while (heap[0] !== undefined && heap[0].atMs <= nowMs) {
        const { key, atMs } = pop()
        if (current.get(key) !== atMs) continue
        current.delete(key)
        return key
      }
      return null
    },
    nextMs: () => heap[0]?.atMs ?? null,
  }
}
