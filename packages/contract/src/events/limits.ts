/** Limits of what is taken in. Each is checked where the input is read. */
export const eventLimits = {
  eventBytesMax: 64 * 1024,
  eventDepthMax: 16,
  /** Elements of a JSON array in one request. */
  arrayEventsMax: 1_000,
  futureMsMax: 5 * 60_000,
} as const
