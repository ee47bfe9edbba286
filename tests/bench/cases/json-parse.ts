import { wireEvents } from '../data/events.ts'
import type { BenchCase } from './case.ts'

/** One pass is too short to be measured well. */
const passes = 5

/** The ceiling of everything that takes events in as JSON. */
export function openJsonParse(count: number): BenchCase {
  const texts = wireEvents(count).map((event) => JSON.stringify(event))
  return {
    run() {
      let parsed = 0
      for (let pass = 0; pass < passes; pass++)
        for (const text of texts) if (JSON.parse(text) !== null) parsed++
      return parsed
    },
  }
}
