let made = 0

/** A canonical event of now, with an id of its own. `type` without prefix and version. */
export function eventOf(
  tenant: string,
  type: string,
  data: object,
  change: object = {},
): Record<string, unknown> {
  made += 1
  return {
    specversion: '1.0',
    id: `event-${process.pid}-${made}`,
    source: '/tests',
    type: `deskpulse.${type}.v1`,
    time: new Date().toISOString(),
    sequence: String(made), // Several come in one millisecond.
    tenant,
    data,
    ...change,
  }
}
