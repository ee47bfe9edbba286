import type { WireEvent } from '@deskpulse/contract'
import type { LogRecord } from '@deskpulse/stream'
import type { Desk } from '../../support/desk.ts'
import { until } from '../../support/until.ts'
import { tenants } from '../input/tenants.ts'
import type { Plant } from '../plant/plant.ts'
import { answersOf, differences, valuesIn, type Answers, type Asked } from './answers.ts'
import { cleanPass } from './clean-pass.ts'
import { plainDifferences } from './oracle.ts'

const dayMs = 86_400_000

/** Every value of every tenant, as each reader of the product gives it, against a clean pass over the same log, and against a plain count of what was sent. */
export async function compared(
  plant: Plant,
  desks: readonly Desk[],
  partitions: readonly (readonly LogRecord[])[],
  sent: readonly WireEvent[],
  { periods, startMs }: { readonly periods: Asked['periods']; readonly startMs: number },
): Promise<{ readonly values: number; readonly wrong: readonly string[] }> {
  await using clean = await cleanPass({ config: plant.config, topics: plant.topics, partitions })
  const at = (ms: number): string => new Date(ms).toISOString()
  const wrong: string[] = []
  let values = 0
  for (const tenant of tenants) {
    const asked = { tenant, slices: await clean.slicesOf(tenant), periods, from: at(startMs), to: at(startMs + dayMs) }
    const wanted = await answersOf(clean.desk, asked)
    const [asOf = ''] = wanted.asOf
    for (const [number, desk] of desks.entries()) {
      const found = await readAsOf(desk, asked, asOf)
      values += valuesIn(found.answers)
      const lines = [...found.wrong, ...(found.wrong.length > 0 ? [] : differences(found.answers, wanted.answers))]
      wrong.push(...lines.map((line) => `reader ${number + 1}, ${tenant}: ${line}`))
    }
    const own = sent.filter((event) => event.tenant === tenant)
    const plain = plainDifferences(wanted.answers, asked, own, plant.config.tenants[tenant]!.config, Date.parse(asOf))
    wrong.push(...plain.map((line) => `plain count, ${tenant}: ${line}`))
  }
  return { values, wrong }
}

/** A reader that answers with an error, or never comes as far, is as wrong as one that answers with other values. */
async function readAsOf(desk: Desk, asked: Asked, asOf: string): Promise<{ readonly answers: Answers; readonly wrong: readonly string[] }> {
  try {
    const isThere = ({ asOf: now }: { readonly asOf: string }): boolean => now === asOf
    await until(`it shows the moment ${asOf}`, () => desk.waiting(asked.tenant), isThere, { withinMs: 30_000 })
    return { answers: (await answersOf(desk, asked)).answers, wrong: [] }
  } catch (error) {
    return { answers: new Map(), wrong: [error instanceof Error ? error.message : String(error)] }
  }
}
