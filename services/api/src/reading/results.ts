import type { ChangeCursor } from '@deskpulse/stream'

/** An answer as it goes out, and what it depends on beside its moment. */
export type Result = { readonly body: Buffer; readonly etag: string; readonly watermarkMs: number; readonly stale: boolean }

/** Answers made of one moment, by the address that asked. */
export type Results = {
  /** `undefined`: never made, or something was committed since. */
  get(address: string): Result | undefined
  put(address: string, cursor: ChangeCursor, result: Result): void
}

const bytesMax = 64 * 1024 * 1024

/** @param current the moment that is held and the newest one known, else `null`. */
export function resultsOfMoment(current: () => ChangeCursor | null): Results {
  const made = new Map<string, Result>()
  let madeOf: ChangeCursor | null = null
  let bytes = 0

  function empty(cursor: ChangeCursor | null): void {
    made.clear()
    madeOf = cursor
    bytes = 0
  }

  return {
    get(address) {
      const cursor = current()
      if (cursor !== null && cursor !== madeOf) empty(cursor)
      return cursor === null ? undefined : made.get(address)
    },
    put(address, cursor, result) {
      if (cursor !== current()) return
      if (cursor !== madeOf || bytes + result.body.length > bytesMax) empty(cursor)
      made.set(address, result)
      bytes += result.body.length
    },
  }
}
