import { encodeEvent, parseEventBytes } from '@deskpulse/contract'
import { wireEvents } from '../data/events.ts'
import type { BenchCase } from './case.ts'

/** What ingest does with an event between HTTP and the log: bytes judged against the schema, then encoded for a frame. */
export function openIngestParse(count: number): BenchCase {
  const lines = wireEvents(count).map((event) => Buffer.from(JSON.stringify(event)))
  return {
    run() {
      let encoded = 0
      for (const line of lines) {
        const parsed = parseEventBytes(line, { tenant: 'bench', nowMs: Date.now() })
        if (!parsed.ok) throw new Error(`a simulated event is refused: ${parsed.code}`)
        if (encodeEvent(parsed.event).length > 0) encoded++
      }
      return encoded
    },
  }
}
