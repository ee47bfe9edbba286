import type { Random } from '../../../services/cli/src/simulate/random.ts'
import {
  servers,
  type Fault,
  type FaultKind,
  type KillTarget,
  type ServerName,
  type ServiceName,
} from './faults.ts'

export type PlanOptions = {
  /** How many processes are ended hard. */
  readonly kills: number
  /** What may happen beside them. */
  readonly kinds: readonly FaultKind[]
  /** How likely each is to be ended; 0: never. */
  readonly targets: Readonly<Record<KillTarget, number>>
  /** Ways that can be cut, held and slowed. */
  readonly links: readonly ServerName[]
}

/** For each kill, so many other faults. */
const othersPerKill = 0.5

/**
 * Kills of all targets and other faults of all kinds, in any order; each target and kind at least once where there is room. Only the first third
 * empties the store: folding all of the log again would hide what went wrong before.
 */
export function drawPlan({ kills, kinds, targets, links }: PlanOptions, random: Random): Fault[] {
  const named = (Object.keys(targets) as KillTarget[]).filter((target) => targets[target] > 0)
  const others = kinds.filter((kind) => kind !== 'kill')
  const plan = Array.from({ length: kills }, (_, number) =>
    drawKill(named[number] ?? random.weighted(targets), kinds, random),
  )
  const count = others.length === 0 ? 0 : Math.max(others.length, Math.round(kills * othersPerKill))
  const frozen = named.filter(
    (target): target is ServiceName => !servers.some((server) => server === target),
  )
  for (let number = 0; number < count; number += 1)
    plan.push(drawOther(others[number] ?? random.pick(others), { frozen, links }, random))
  const order = shuffled(
    plan.filter(({ kind }) => kind !== 'empty'),
    random,
  )
  for (const fault of plan.filter(({ kind }) => kind === 'empty'))
    order.splice(Math.floor(random.between(0, plan.length / 3)), 0, fault)
  return order
}

/** A Redis that is killed comes back with an older snapshot, where it can: what it wrote last is the lesser loss. */
function drawKill(target: KillTarget, kinds: readonly FaultKind[], random: Random): Fault {
  if (target === 'redis' && kinds.includes('older-snapshot'))
    return drawOther('older-snapshot', { frozen: [], links: [] }, random)
  return { kind: 'kill', target, of: drawNumber(random), forMs: random.exponential(600) }
}

const drawNumber = (random: Random): number => Math.floor(random.between(0, 1_000))

type Victims = { readonly frozen: readonly ServiceName[]; readonly links: readonly ServerName[] }

function drawOther(kind: FaultKind, { frozen, links }: Victims, random: Random): Fault {
  const link = random.pick(links)
  switch (kind) {
    case 'kill':
      throw new Error('kills are drawn by their targets')
    case 'freeze':
      // Now and then beyond the group's session: others take over, and it wakes up as one that has lost.
      return {
        kind,
        target: random.pick(frozen),
        of: drawNumber(random),
        forMs: random.chance(0.3) ? 14_000 : random.between(500, 4_000),
      }
    case 'older-snapshot':
      return {
        kind,
        writes: Math.round(random.between(100, 2_000)),
        forMs: random.exponential(400),
      }
    case 'empty':
      return { kind }
    case 'pause-writes':
      return { kind, forMs: random.between(300, 3_000) }
    case 'cut':
      return {
        kind,
        link,
        every: Math.floor(random.between(5, 40)),
        forMs: random.between(1_000, 3_000),
      }
    case 'black-hole':
      return { kind, link, forMs: random.between(1_000, 7_000) }
    case 'slow':
      return { kind, link, delayMs: random.between(5, 40), forMs: random.between(1_000, 4_000) }
    case 'clock':
      return {
        kind,
        byMs: random.pick([-3_600_000, -90_000, 5_000, 600_000, 86_400_000]),
        forMs: random.between(500, 3_000),
      }
    case 'disk-full':
      return { kind, forMs: random.between(500, 3_000) }
  }
}

function shuffled<One>(all: readonly One[], random: Random): One[] {
  const rest = [...all]
  for (let last = rest.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.between(0, last + 1))
    ;[rest[last], rest[other]] = [rest[other]!, rest[last]!]
  }
  return rest
}
