import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LogRecord } from '@deskpulse/stream'
import { createRandom, type Random } from '../../services/cli/src/simulate/random.ts'
import { inputOf } from '../simulation/input.ts'
import { startKafka, type TestKafka } from '../support/kafka.ts'
import { startOwnRedis, type OwnRedis } from '../support/redis.ts'
import { clusterInstallation } from './cluster.ts'
import type { Cut } from './cuts.ts'
import { embeddedInstallation } from './embedded.ts'
import { firstDifference } from './first-difference.ts'
import { foldedBy, type Course } from './fold.ts'
import { asRead, asStored } from './forms.ts'

/** One seed again: `DIFFERENTIAL_SEED=17`. More of them: `DIFFERENTIAL_SEEDS=5000`, from 1 on. */
const only = process.env['DIFFERENTIAL_SEED']
const seedsMax = Number(process.env['DIFFERENTIAL_SEEDS'] ?? 50)
/** So many are folded side by side, each a partition with a tenant of its own. */
const seedsPerRun = 25

/** Some runs fold in the same batches on both sides, the others in batches of their own. A seed that is named is folded in both ways. */
type Run = { readonly seeds: readonly number[]; readonly isSameCut: boolean }

const runs = [false, true].flatMap((isSameCut) =>
  (only === undefined ? groups(seedsMax) : [[Number(only)]])
    .filter((_, at) => only !== undefined || (at % 2 === 1) === isSameCut)
    .map((seeds): Run & { readonly name: string } => ({
      seeds,
      isSameCut,
      name: `seeds ${seeds[0]} to ${seeds.at(-1)}, ${isSameCut ? 'in the same batches, to the last bit' : 'in batches of their own, all that readers see'}`,
    })),
)

function groups(count: number): number[][] {
  const seeds = Array.from({ length: count }, (_, at) => at + 1)
  return Array.from({ length: Math.ceil(count / seedsPerRun) }, (_, at) =>
    seeds.slice(at * seedsPerRun, (at + 1) * seedsPerRun),
  )
}

let kafka: TestKafka
let redis: OwnRedis
beforeAll(async () => {
  ;[kafka, redis] = await Promise.all([startKafka(), startOwnRedis()])
})
afterAll(async () => void (await Promise.all([kafka?.stop(), redis?.stop()])))

test.each(runs)(
  'the embedded product and Kafka with Redis come to the same: $name',
  async ({ seeds, isSameCut }) => {
    const tenantOf = (seed: number): string => `t-${seed}`
    const logs = seeds.map(
      (seed) => inputOf(tenantOf(seed), seed, createRandom(seed), 'weeks').records,
    )
    await using embedded = await embeddedInstallation(seeds.length)
    await using cluster = await clusterInstallation(kafka, redis, seeds.length)
    const course = courseOf(logs, seeds, 1_000)
    const other = isSameCut
      ? course
      : courseOf(
          logs,
          seeds.map((seed) => -seed),
          3,
        )
    const [here, there] = await Promise.all([
      foldedBy(embedded, logs, course),
      foldedBy(cluster, logs, other),
    ])
    const wrong = seeds.flatMap((seed, at) => {
      const forms = [here[at]!, there[at]!].map((left) =>
        isSameCut ? asStored(left) : asRead(left, tenantOf(seed)),
      )
      const said = firstDifference(forms[0]!, forms[1]!)
      return said === null ? [] : [`seed ${seed}: ${said}`]
    })
    expect(wrong).toEqual([])
    expect(here.every(({ messages }) => messages.some(({ topic }) => topic === 'closed'))).toBe(
      true,
    )
  },
)

/** Half of the logs are whole when the first process begins; of the others the second one folds the rest. A batch in twenty is begun by one worker and taken over by another. */
function courseOf(
  logs: readonly (readonly LogRecord[])[],
  seeds: readonly number[],
  wakesMax: number,
): Course {
  const each = logs.map(({ length }, at) => cutOf(length, createRandom(seeds[at]!)))
  return { wakesMax, cuts: each.map(({ cut }) => cut), before: each.map(({ before }) => before) }
}

function cutOf(length: number, random: Random): { readonly cut: Cut; readonly before: number } {
  const before = random.chance(0.5) ? length : Math.floor(random.between(1, length))
  const ends = new Set([before, length])
  const most = random.pick([1, 8, 40])
  for (let end = 0; end < length; end += 1 + Math.floor(random.between(0, most))) ends.add(end)
  const ascending = [...ends].filter((end) => end > 0).sort((a, b) => a - b)
  return {
    cut: { ends: ascending, takeovers: new Set(ascending.filter(() => random.chance(0.05))) },
    before,
  }
}
