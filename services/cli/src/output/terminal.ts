/** Where a command writes: results to `out`, everything about the progress to `err`. */
export type Terminal = {
  out(text: string): void
  err(text: string): void
  /** `true` where `err` is a screen that can be redrawn. */
  readonly interactive: boolean
}
