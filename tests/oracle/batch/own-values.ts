import type { Dimension, TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'

/** Values that have slices of their own, of the dimensions that have a limit. */
export type OwnValues = ReadonlyMap<Dimension, ReadonlySet<string>>

/** The configured ones, then the first that the events name, in the order of the log, as long as there is room. */
export function ownValues(
  events: readonly CanonicalEvent[],
  { slices, sliceValuesMax }: TenantConfig,
): OwnValues {
  const named: readonly [Dimension, readonly (string | undefined)[]][] = [
    ['queue', events.map(({ data }) => data.queue)],
    ['agent', events.map(({ data }) => data.agentId)],
    [
      'channel',
      events.map(({ type, data }) => (type.startsWith('contact.') ? data.channel : undefined)),
    ],
  ]
  return new Map(
    named.map(([dimension, values]) => {
      const configured = new Set(slices.values[dimension])
      const others = [...new Set(values)].filter(
        (value) => value !== undefined && !configured.has(value),
      ) as string[]
      return [
        dimension,
        new Set([...configured, ...others.slice(0, Math.max(0, sliceValuesMax - configured.size))]),
      ] as const
    }),
  )
}
