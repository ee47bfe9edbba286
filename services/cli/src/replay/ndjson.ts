import { linesOf } from './lines.ts'

/**
 * The lines of an NDJSON file, their events given to `tenant`. A line that already names it, and one that is no JSON object, is passed on
 * byte for byte: what is refused, and why, is for the receiver to say.
 */
export async function* ndjsonEvents(
  bytes: AsyncIterable<Uint8Array>,
  tenant: string,
): AsyncGenerator<string> {
  for await (const line of linesOf(bytes)) yield withTenant(line, tenant)
}

function withTenant(line: string, tenant: string): string {
  const event = parsedObject(line)
  return event === null || event['tenant'] === tenant ? line : JSON.stringify({ ...event, tenant })
}

function parsedObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null // Not JSON: the receiver refuses it with its code.
  }
}
