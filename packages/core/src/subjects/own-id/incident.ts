import { dimensionSet } from '../../measures/dimension-set.ts'
import { firstOf, lastWord, type OwnIdKind } from './own-id.ts'

/** A service is down until it is back: from the first opening to the first restoration after it. */
export const incident: OwnIdKind = {
  name: 'incident',
  types: ['incident.opened', 'incident.restored'],
  idOf: ({ incidentId }) => incidentId as string,
  tell(events) {
    const opened = firstOf(events, 'incident.opened')
    if (opened === undefined) return { rows: [] }
    const restored = events.find(
      ({ type, timeMs }) => type === 'incident.restored' && timeMs >= opened.timeMs,
    )
    if (restored === undefined) return { rows: [] }
    const credit = dimensionSet({ queue: lastWord(events, 'queue') ?? 'none' })
    return {
      rows: [
        { grain: 'incident', openedMs: opened.timeMs, restored: { atMs: restored.timeMs, credit } },
      ],
    }
  },
}
