// `npm test`: the checks and every tier, then what failed, and one line that counts all of them. `npm run check`: the checks alone.
// `npm test -- unit system` runs the named ones ("check" and tiers).
import { runChecks } from './checks.ts'
import { inWords, sum, type Counts } from './counts.ts'
import { runTier } from './run-tier.ts'
import { lanes, type Tier } from './tiers.ts'

type Step = { readonly name: string; run(): Promise<Counts> }

const stepOf = (tier: Tier): Step => ({ name: tier.name, run: () => runTier(tier) })
const [busy = [], ...others] = lanes.map((lane) => lane.map(stepOf))
const steps: readonly (readonly Step[])[] = [
  [{ name: 'check', run: runChecks }, ...busy],
  ...others,
]
const names = steps.flat().map(({ name }) => name)

const named = process.argv.slice(2)
const unknown = named.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${names.join(', ')}`)
  process.exit(2)
}

async function runLane(lane: readonly Step[]): Promise<Counts> {
  const results: Counts[] = []
  for (const { name, run } of lane)
    if (named.length === 0 || named.includes(name)) results.push(await run())
  return sum(results)
}

const total = sum(await Promise.all(steps.map(runLane)))
console.log('')
for (const failure of total.failures) console.log(`✗ ${failure}`)
console.log(inWords(total))
process.exitCode = total.failures.length === 0 ? 0 : 1
