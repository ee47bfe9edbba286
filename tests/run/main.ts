// `npm test`: the checks, then every tier, then one line that counts all of them. `npm run check`: the checks alone.
// `npm test -- unit system` runs the named ones ("check" and tiers).
import { runChecks } from './checks.ts'
import { inWords, sum, type Counts } from './counts.ts'
import { runTier } from './run-tier.ts'
import { tiers } from './tiers.ts'

const steps = new Map<string, () => Promise<Counts>>([
  ['check', runChecks],
  ...tiers.map((tier) => [tier.name, () => runTier(tier)] as const),
])

const named = process.argv.slice(2)
const unknown = named.filter((name) => !steps.has(name))
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${[...steps.keys()].join(', ')}`)
  process.exit(2)
}

const results: Counts[] = []
for (const [name, run] of steps) {
  if (named.length === 0 || named.includes(name)) results.push(await run())
}
const total = sum(results)
console.log(`\n${inWords(total)}`)
process.exitCode = total.failed === 0 ? 0 : 1
