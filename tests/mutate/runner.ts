// Runs test files of the folder that it is started in, as often as its parent asks: far quicker than a vitest for each time.
import { join } from 'node:path'
import { createVitest } from 'vitest/node'
import type { Reached } from './switch.ts'

/** `mutant`: the one that is on. Paths from the root. */
export type Question = { readonly mutant: number | null; readonly files: readonly string[] }
/** `failed`: one that failed, or an error outside of any; `null`: all of them pass. `seen`: of each file. */
export type Answer = { readonly failed: string | null; readonly seen: readonly Seen[] }
export type Seen = Reached & { readonly tookMs: number }

const root = process.cwd()
const vitest = await createVitest({
  root,
  config: join(root, 'tests/mutate/vitest.config.ts'),
  watch: false,
  reporters: [{}],
})
await vitest.standalone()

async function run({ mutant, files }: Question): Promise<Answer> {
  const project = vitest.getRootProject()
  project.provide('mutant', mutant)
  const specifications = files.map((file) => project.createSpecification(join(root, file)))
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications)
  // What it returns has the modules of earlier questions, too.
  const failed = files.find((_, at) => specifications[at]!.testModule?.ok() === false)
  return {
    failed:
      failed ??
      (unhandledErrors.length === 0
        ? null
        : `an error outside of the tests: ${String(unhandledErrors[0])}`),
    seen: specifications.map(({ testModule }) => ({
      ...(testModule?.meta().reached ?? { loading: [], testing: [] }),
      tookMs: testModule?.diagnostic().duration ?? 0,
    })),
  }
}

process.on('message', (question: Question) => {
  void run(question).then((answer) => process.send!(answer))
})
process.once('disconnect', () => process.exit())
