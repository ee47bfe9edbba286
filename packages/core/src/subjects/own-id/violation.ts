import { dimensionSet } from '../../measures/dimension-set.ts'
import type { OwnIdKind } from './own-id.ts'

/** A rule that an agent broke: the last word counts, at the time of the first. */
export const violation: OwnIdKind = {
  name: 'violation',
  types: ['violation.recorded'],
  idOf: ({ violationId }) => violationId as string,
  tell(events) {
    const { agentId = 'none', kind = '', count = 1 } = events.at(-1)!.data
    const recorded = { atMs: events[0]!.timeMs, credit: dimensionSet({ agent: agentId }) }
    return { rows: [{ grain: 'violation', recorded, kind, count: count as number }] }
  },
}
