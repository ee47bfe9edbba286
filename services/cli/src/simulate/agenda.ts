/** What is to happen, by time; equal times in the order in which they were added. A binary heap. */
export type Agenda<T> = {
  add(atMs: number, item: T): void
  /** Removes and returns the earliest, or `null` when there is none. */
  take(): { readonly atMs: number; readonly item: T } | null
}

export function createAgenda<T>(): Agenda<T> {
  type Entry = { readonly atMs: number; readonly order: number; readonly item: T }
  const heap: Entry[] = []
  let added = 0
  const at = (index: number): Entry => heap[index] as Entry
  const isBefore = (one: number, other: number): boolean =>
    at(one).atMs < at(other).atMs ||
    (at(one).atMs === at(other).atMs && at(one).order < at(other).order)
  const swap = (one: number, other: number): void => {
    const kept = at(one)
    heap[one] = at(other)
    heap[other] = kept
  }
  const sink = (start: number): void => {
    for (let index = start; ;) {
      let first = index
      for (const child of [2 * index + 1, 2 * index + 2])
        if (child < heap.length && isBefore(child, first)) first = child
      if (first === index) return
      swap(index, first)
      index = first
    }
  }
  return {
    add: (atMs, item) => {
      heap.push({ atMs, order: added++, item })
      for (let index = heap.length - 1; index > 0;) {
        const parent = (index - 1) >> 1
        if (!isBefore(index, parent)) return
        swap(index, parent)
        index = parent
      }
    },
    take: () => {
      const first = heap[0]
      if (first === undefined) return null
      const last = heap.pop() as Entry
      if (heap.length > 0) {
        heap[0] = last
        sink(0)
      }
      return first
    },
  }
}
