import { DeskpulseError } from '@deskpulse/stream'
import type { Connection } from './connection.ts'
import { answered } from './errors.ts'
import { type Layout, layoutField, openLayout, tableOf } from './layout.ts'
import type { RedisStateStoreOptions } from './options.ts'

/** The layout that operations use: that of the current generation, which a rebuild switches while services run, unless the options name one. */
export type CurrentLayout = {
  /** As of the last look. */
  now(): Layout
  /** As of a look that is at most half a second old. @throws DeskpulseError STORE_UNAVAILABLE, STORE_LAYOUT */
  fresh(): Promise<Layout>
  /** As of now. @throws DeskpulseError STORE_UNAVAILABLE, STORE_LAYOUT, also when the generation that a rebuild makes is gone. */
  look(): Promise<Layout>
}

const lookEveryMs = 500

export async function currentLayout(
  connection: Connection,
  options: RedisStateStoreOptions,
): Promise<CurrentLayout> {
  const table = tableOf(options)
  let layout = await openLayout(connection, options)
  let lookedAtMs = performance.now()
  let looking: Promise<Layout> | null = null

  async function follow(): Promise<Layout> {
    const current = await answered(
      'asking for the current generation',
      connection.hget(table, 'current'),
    )
    // A store that was emptied gets the generation that it had: whoever is running agrees on it.
    if (current !== layout.generation)
      layout = await openLayout(connection, options, layout.generation)
    lookedAtMs = performance.now()
    return layout
  }

  async function stillThere(): Promise<Layout> {
    const { generation } = layout
    if (
      (await answered(
        'asking for the generation',
        connection.hexists(table, layoutField(generation)),
      )) === 1
    )
      return layout
    const who = 'another rebuild has begun, or the store was emptied'
    throw new DeskpulseError(
      'STORE_LAYOUT',
      `generation "${generation}" of the store is gone: ${who}`,
    )
  }

  if (options.generation !== undefined) {
    const now = (): Layout => layout
    return {
      now,
      fresh: async () => layout,
      look: options.rebuilding ? stillThere : async () => layout,
    }
  }
  return {
    now: () => layout,
    look: follow,
    async fresh() {
      if (performance.now() - lookedAtMs < lookEveryMs) return layout
      looking ??= follow().finally(() => (looking = null))
      return looking
    },
  }
}
