import type { WireEvent } from '@deskpulse/contract'
import type { LogRecord } from '@deskpulse/stream'
import type { Client } from '../../support/client.ts'
import { until } from '../../support/until.ts'
import { isClosing, tenants } from '../input/tenants.ts'
import type { Plant } from '../plant/plant.ts'
import { differences, questionsOf, valuesIn, type Asked } from './answers.ts'
import { cleanPass } from './clean-pass.ts'
import { plainDifferences } from './oracle.ts'

const dayMs = 86_400_000

/** Every value of every tenant, as each reader of the product gives it, against a clean pass over the same log, and against a plain count of what was sent. */
export async function compared(
  plant: Plant,
  clients: readonly Client[],
  partitions: readonly (readonly LogRecord[])[],
  sent: readonly WireEvent[],
  { periods, startMs }: { readonly periods: Asked['periods']; readonly startMs: number },
): Promise<{ readonly values: number; readonly wrong: readonly string[] }> {
  await using clean = await cleanPass({ config: plant.config, topics: plant.topics, partitions })
  const at = (ms: number): string => new Date(ms).toISOString()
  const wrong: string[] = []
  let values = 0
  for (const tenant of tenants) {
    const asked = {
      tenant,
      slices: await clean.slicesOf(tenant),
      periods,
      from: at(startMs),
      to: at(startMs + dayMs),
    }
    const { asOf } = await clean.client.waiting(tenant)
    const behind = await Promise.all(
      clients.map((client) => problemOf(() => showsMoment(client, tenant, asOf))),
    )
    const counted = new Map<string, unknown>()
    for (const question of questionsOf(asked)) {
      const wanted = await question(clean.client)
      for (const [place, value] of wanted) if (place.startsWith('day ')) counted.set(place, value)
      for (const [number, client] of clients.entries()) {
        if (behind[number] !== null) continue
        const line = (text: string): string => `reader ${number + 1}, ${tenant}: ${text}`
        const problem = await problemOf(async () => {
          const found = await question(client)
          values += valuesIn(found)
          wrong.push(...differences(found, wanted).map(line))
        })
        if (problem !== null) wrong.push(line(problem))
      }
    }
    wrong.push(
      ...behind.flatMap((problem, number) =>
        problem === null ? [] : [`reader ${number + 1}, ${tenant}: ${problem}`],
      ),
    )
    if (isClosing(tenant)) continue
    const own = sent.filter((event) => event.tenant === tenant)
    const plain = plainDifferences(
      counted,
      asked,
      own,
      plant.config.tenants[tenant]!.config,
      Date.parse(asOf),
    )
    wrong.push(...plain.map((line) => `plain count, ${tenant}: ${line}`))
  }
  return { values, wrong }
}

async function showsMoment(client: Client, tenant: string, moment: string): Promise<void> {
  const isThere = ({ asOf }: { readonly asOf: string }): boolean => asOf === moment
  await until(`it shows the moment ${moment}`, () => client.waiting(tenant), isThere, {
    withinMs: 30_000,
  })
}

/** A reader that answers with an error, or never comes as far, is as wrong as one that answers with other values. */
async function problemOf(act: () => Promise<void>): Promise<string | null> {
  try {
    await act()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
