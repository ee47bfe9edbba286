// `npm run fuzz`: generated and changed inputs for every parser of what others have written.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { parsers } from './parsers/index.ts'
import { type Figures, fuzz, sharesOf } from './run.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '5000000' }, seed: { type: 'string' } },
})
const count = Number(values.count)
const seed = Number(values.seed ?? randomInt(1_000_000))
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  console.error('npm run fuzz -- [--count 5000000] [--seed 1]')
  process.exit(2)
}

const grouped = (number: number): string => number.toLocaleString('en')
const lineOf = ({ name, inputs, taken, refused, longestMs }: Figures): string =>
  `| ${name} | ${grouped(inputs)} | ${grouped(taken)} | ${refused.size} | ${longestMs.toFixed(1)} ms |`

console.log(`npm run fuzz -- --count ${count} --seed ${seed}`)
console.log('| parser | inputs | taken | codes | longest |')
const beganMs = performance.now()
let all = 0
for (const [parser, inputs] of sharesOf(parsers, count))
  try {
    const figures = await fuzz(parser, inputs, seed)
    all += figures.inputs
    console.log(lineOf(figures))
  } catch (error) {
    process.exitCode = 1
    console.log(error)
  }
console.log(`${grouped(all)} inputs in ${((performance.now() - beganMs) / 1_000).toFixed(0)} s`)
