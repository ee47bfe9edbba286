// `npm run mutate`: plants one small bug after another, and says which of them no test notices.
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../../services/cli/src/simulate/random.ts'
import { filesOf, readText, root } from '../checks/files.ts'
import { areas, notMutated } from './areas.ts'
import { copyOfRepository } from './copy.ts'
import { equivalentOf } from './equivalents.ts'
import { openJudge } from './judge.ts'
import { mutantsOf, textOf, type Mutant } from './mutants.ts'
import { optionsOf, usage, type MutateOptions } from './options.ts'
import { importGraph, testStages } from './related.ts'
import { sampleOf } from './sample.ts'

const noticedShareMin = 0.95

/** Every mutant of the areas, but for those that are known to change nothing. */
function mutantsIn({ areas: names, files }: MutateOptions): readonly Mutant[] {
  const left = new Set(filesOf(...notMutated))
  const paths = filesOf(...(files ?? names.flatMap((name) => areas[name]))).filter(
    (path) => !left.has(path),
  )
  return paths.flatMap((path) => {
    const source = readText(path)
    return mutantsOf(path, source).filter((mutant) => equivalentOf(mutant, source) === undefined)
  })
}

function graphOfRepository() {
  const sources = new Map(
    filesOf('{packages,services,tests}/**/*.ts').map((path) => [path, readText(path)]),
  )
  const doors = new Map<string, string>()
  for (const file of filesOf('{packages,services}/*/package.json')) {
    const { name, exports = {} } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      name: string
      exports?: Record<string, string>
    }
    for (const [door, path] of Object.entries(exports))
      doors.set(join(name, door), join(file, '..', path))
  }
  return importGraph(sources, (name) => doors.get(name) ?? null)
}

async function mutate(options: MutateOptions): Promise<number> {
  const all = mutantsIn(options)
  const sample = sampleOf(all, options.count, createRandom(options.seed))
  console.log(`seed ${options.seed}: ${sample.length} of ${all.length} mutants`)
  const quick = new Set(
    filesOf('{packages,services}/**/*.test.ts', 'tests/{oracle,simulation}/**/*.test.ts'),
  )
  for (const slow of filesOf('packages/{kafka,redis}/**/*.test.ts')) quick.delete(slow)
  const graph = graphOfRepository()
  const copy = copyOfRepository()
  process.once('exit', () => copy.remove())
  const stagesOf = ({ path }: Mutant): readonly (readonly string[])[] =>
    testStages(path, graph, options.isNear).map((files) => files.filter((file) => quick.has(file)))
  const judge = openJudge(copy.folder, sample, stagesOf, (file) =>
    console.log(`fails without a mutant, and is not asked: ${file}`),
  )
  const survived: string[] = []
  for (const [number, mutant] of sample.entries()) {
    const verdict = await judge(number)
    const said =
      verdict.kind === 'noticed'
        ? `noticed by ${verdict.by}`
        : `SURVIVED ${verdict.reach} test files`
    console.log(`${number + 1}/${sample.length} ${said}: ${textOf(mutant)}`)
    if (verdict.kind === 'survived') survived.push(textOf(mutant))
  }
  const share = sample.length === 0 ? 1 : 1 - survived.length / sample.length
  console.log(
    `\nnoticed ${sample.length - survived.length} of ${sample.length} (${(share * 100).toFixed(1)} %)`,
  )
  for (const text of survived) console.log(`  survived: ${text}`)
  return share >= noticedShareMin ? 0 : 1
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1)) // And what is under way with it.
try {
  process.exit(await mutate(optionsOf(process.argv.slice(2), randomInt(1_000_000))))
} catch (error) {
  console.error(
    error instanceof Error && error.message.startsWith('--')
      ? `${error.message}\n\n${usage}`
      : error,
  )
  process.exit(1)
}
