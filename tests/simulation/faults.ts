import type { Random } from '../../services/cli/src/simulate/random.ts'
import type { Process } from './scheduler.ts'
import type { World } from './world.ts'

export const faultKinds = [
  'crash',
  'freeze',
  'rebalance',
  'snapshot',
  'rollback',
  'outage',
] as const
export type FaultKind = (typeof faultKinds)[number]

export type Faults = {
  /** How often each kind struck. */
  readonly struck: Record<FaultKind, number>
  /** Before a step of the world: mostly nothing. */
  maybe(world: World): Promise<void>
  /** No more of them: everybody is there, awake, and answered. */
  end(world: World): Promise<void>
}

/** Chance of each before a step: a run has some hundreds of steps, so that a few strike in each, in any order. */
const chances: Readonly<Record<FaultKind, number>> = {
  crash: 0.006,
  freeze: 0.006,
  rebalance: 0.008,
  snapshot: 0.01,
  rollback: 0.004,
  outage: 0.003,
}

const errorShare = 0.02
const frozenMs = 400 // Beyond any session's time-out: the group has given its partitions away by then.
const outageMs = 300

export function drawFaults(random: Random): Faults {
  const struck = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<
    FaultKind,
    number
  >
  const living = (world: World): Process[] => world.workers.filter(({ isDead }) => !isDead)

  async function strike(kind: FaultKind, world: World): Promise<void> {
    const { log, scheduler, store } = world
    const victim = random.pick(living(world))
    switch (kind) {
      case 'crash':
        scheduler.kill(victim)
        log.expel(victim)
        if (living(world).length === 0 || random.chance(0.7)) await world.startWorker()
        return log.rebalance()
      case 'freeze':
        victim.frozenUntilMs = scheduler.nowMs() + random.between(0, frozenMs)
        return log.rebalance()
      case 'rebalance':
        return log.rebalance()
      case 'snapshot':
        return store.takeSnapshot()
      case 'rollback':
        return store.rollBack()
      case 'outage':
        store.downUntilMs = scheduler.nowMs() + random.between(0, outageMs)
    }
  }

  return {
    struck,
    async maybe(world) {
      world.store.errorShare = errorShare
      for (const kind of faultKinds) {
        if (!random.chance(chances[kind])) continue
        struck[kind] += 1
        await strike(kind, world)
      }
    },
    async end(world) {
      world.store.errorShare = 0
      world.store.downUntilMs = 0
      for (const process of living(world)) process.frozenUntilMs = 0
      if (living(world).length < 2) await world.startWorker()
      world.log.rebalance()
    },
  }
}
