/** Bytes of request bodies that may be in memory at once; more are turned away before they are read. */
export type Admission = {
  /** `null`: too much is under way. Else call the returned function once, when the request is over. */
  admit(bytes: number): (() => void) | null
}

export function admission(bytesMax: number): Admission {
  let bytes = 0
  return {
    admit(more) {
      if (bytes > 0 && bytes + more > bytesMax) return null
      bytes += more
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        bytes -= more
      }
    },
  }
}
