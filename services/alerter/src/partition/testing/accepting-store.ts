import type { Epoch, Offset, StateStore } from '@deskpulse/stream'
import type { VirtualClock } from '../../delivery/testing/virtual-clock.ts'
import { noChange } from '../ledger.ts'
import type { Role } from '../role.ts'

/** A role that has nothing to do. */
export const deaf: Role = {
  start: () => Promise.resolve(),
  begin: () => Promise.resolve(),
  take: () => Promise.resolve({ change: noChange, taken: () => {} }),
  stop: () => Promise.resolve(),
}

/** A store that holds nothing and takes everything, until it fences. */
export function acceptingStore(clock: VirtualClock) {
  let [acquired, isFenced] = [0, false]
  const store: Pick<StateStore, 'acquire' | 'load' | 'commit'> = {
    acquire: async () => ({
      epoch: `${(acquired += 1)}` as unknown as Epoch,
      offset: 0 as Offset,
      logTimeMs: clock.atMs,
      watermarkMs: clock.atMs,
    }),
    load: async (_, keys) => ({ epoch: `${acquired}`, values: keys.map(() => null) }) as never,
    commit: async () => ({ kind: isFenced ? 'fenced' : 'committed' }),
  }
  return {
    store: store as StateStore,
    acquired: () => acquired,
    fence: () => void (isFenced = true),
  }
}
