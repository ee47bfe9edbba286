// Runs test files of the folder that it is started in, as often as its parent asks: far quicker than a vitest for each time.
import { join } from 'node:path'
import { createVitest } from 'vitest/node'

/** `changed`: the files that were written since the last question. All paths from the root. */
export type Question = { readonly changed: readonly string[]; readonly files: readonly string[] }
/** `failed`: one that failed, or an error outside of any; `null`: all of them pass. */
export type Answer = { readonly failed: string | null }

const root = process.cwd()
const vitest = await createVitest({ root, config: join(root, 'tests/mutate/vitest.config.ts'), watch: false, reporters: [{}] })
await vitest.standalone()

async function run({ changed, files }: Question): Promise<Answer> {
  for (const file of changed) vitest.invalidateFile(join(root, file))
  const project = vitest.getRootProject()
  const specifications = files.map((file) => project.createSpecification(join(root, file)))
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications)
  // What it returns has the modules of earlier questions, too.
  const failed = files.find((_, at) => specifications[at]!.testModule?.ok() === false)
  return { failed: failed ?? (unhandledErrors.length === 0 ? null : `an error outside of the tests: ${String(unhandledErrors[0])}`) }
}

process.on('message', (question: Question) => {
  void run(question).then((answer) => process.send!(answer))
})
process.once('disconnect', () => process.exit())
