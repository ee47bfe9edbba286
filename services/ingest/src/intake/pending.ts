/** Bytes that were taken in and are not yet durable, over all inputs: the bound of ingest's memory. */
export type Room = {
  enter(bytes: number): void
  leave(bytes: number): void
  /** `null`: there is room now; else resolves when there is. */
  wait(): Promise<void> | null
}

export function room(bytesMax: number): Room {
  let bytes = 0
  let waiting: PromiseWithResolvers<void> | null = null
  return {
    enter(more) {
      bytes += more
    },
    leave(less) {
      bytes -= less
      if (waiting === null || bytes > bytesMax) return
      waiting.resolve()
      waiting = null
    },
    wait() {
      if (bytes <= bytesMax) return null
      waiting ??= Promise.withResolvers()
      return waiting.promise
    },
  }
}

/** Follows many promises, most of which are the same one: a frame's entries share theirs. */
export type Pending = {
  add(promise: Promise<void>, bytes: number): void
  /** A failure so far; `null` = none. */
  failure(): { readonly error: unknown } | null
  /** Resolves when all added are durable. @throws the first failure. */
  settled(): Promise<void>
}

export function pending(space: Room): Pending {
  const open = new Set<Promise<void>>()
  let failure: { readonly error: unknown } | null = null
  let last: Promise<void> | null = null
  let group = { bytes: 0 }

  function follow(promise: Promise<void>): void {
    const own = { bytes: 0 }
    group = own
    last = promise
    const leave = () => {
      space.leave(own.bytes)
      open.delete(watched)
      if (last === promise) last = null
    }
    const watched = promise.then(leave, (error: unknown) => {
      failure ??= { error }
      leave()
    })
    open.add(watched)
  }

  return {
    add(promise, bytes) {
      if (promise !== last) follow(promise)
      group.bytes += bytes
      space.enter(bytes)
    },
    failure: () => failure,
    async settled() {
      while (open.size > 0) await Promise.all(open)
      if (failure !== null) throw failure.error
    },
  }
}
