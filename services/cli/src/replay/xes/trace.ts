/** Attributes of a trace or an event by key, as text; nested attributes (attributes of attributes) are not among them. */
export type XesAttributes = ReadonlyMap<string, string>

export type XesEvent = {
  /** Where its element begins in the file, for messages. */
  readonly line: number
  readonly attributes: XesAttributes
}

/** One case: its own attributes and its events, in the order of the file. */
export type XesTrace = {
  readonly line: number
  readonly attributes: XesAttributes
  readonly events: readonly XesEvent[]
}

/** A case is held whole, so it has a limit. */
export const traceEventsMax = 1_000_000
