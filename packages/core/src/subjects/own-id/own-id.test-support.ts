import type { CanonicalEvent, EventData } from '../../events/event.ts'
import type { EventType } from '../../events/types.ts'
import type { EpochMs } from '../../time/time.ts'
import { ownIdKinds } from './index.ts'
import type { Said } from './own-id.ts'

export const happened = (
  all: readonly (readonly [second: number, type: EventType, data?: EventData])[],
): CanonicalEvent[] =>
  all.map(([second, type, data = {}], place) => ({
    ...{
      type,
      data,
      id: `e-${place}`,
      source: '/crm',
      sequence: '0',
      tenant: 'acme',
      timeMs: (second * 1_000) as EpochMs,
    },
  }))

export function told(
  name: string,
  all: Parameters<typeof happened>[0],
  nowSecond = 1_000,
  heard: readonly Said[] = [],
) {
  const kind = ownIdKinds.find((one) => one.name === name)!
  const { rows, ...rest } = kind.tell(happened(all), (nowSecond * 1_000) as EpochMs, 'UTC', heard)
  return { rows: rows.map((row) => JSON.parse(JSON.stringify(row)) as unknown), ...rest }
}

export const at = (second: number, agent = 'none') => ({ atMs: second * 1_000, credit: { agent } })
/** Of what names no contact of which anything is known. */
export const alone = (second: number, agent = 'none') => ({
  atMs: second * 1_000,
  credit: { queue: 'none', agent, channel: 'unknown', class: 'live' },
})
