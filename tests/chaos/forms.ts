import type { FaultKind, KillTarget } from './plan/faults.ts'
import { startCluster } from './plant/cluster.ts'
import { startEmbeddedPlant } from './plant/embedded.ts'
import type { Plant } from './plant/plant.ts'

export const formNames = ['one', 'embedded'] as const
export type FormName = (typeof formNames)[number]

/** A form of the product, and what can go wrong with it. */
export type Form = {
  readonly start: () => Promise<Plant>
  /** How likely each is to be ended hard. */
  readonly targets: Readonly<Record<KillTarget, number>>
  readonly kinds: readonly FaultKind[]
  readonly usualKinds: readonly FaultKind[]
}

const distributed = ['kill', 'freeze', 'older-snapshot', 'empty', 'pause-writes', 'cut', 'black-hole', 'slow'] as const
const inOneProcess = ['kill', 'freeze', 'disk-full'] as const

export const forms: Readonly<Record<FormName, Form>> = {
  /** One Kafka and one Redis, two of each service. */
  one: {
    start: () => startCluster({ nodes: 1 }),
    targets: { aggregator: 40, ingest: 17, alerter: 12, api: 9, kafka: 11, redis: 11 },
    kinds: [...distributed, 'clock'],
    usualKinds: distributed,
  },
  /** Everything in one process. */
  embedded: {
    start: startEmbeddedPlant,
    targets: { aggregator: 1, ingest: 0, alerter: 0, api: 0, kafka: 0, redis: 0 },
    kinds: [...inOneProcess, 'clock'],
    usualKinds: inOneProcess,
  },
}
