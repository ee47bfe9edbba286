// Runs test files of the folder that it is started in, as often as its parent asks: far quicker than a vitest for each time.
import { join } from 'node:path'
import { createVitest } from 'vitest/node'

/** `changed`: the files that were written since the last question. All paths from the root. */
export type Question = { readonly changed: readonly string[]; readonly files: readonly string[] }
/** Whether all of them pass. */
export type Answer = { readonly isGreen: boolean }

const root = process.cwd()
const vitest = await createVitest({ root, config: join(root, 'tests/mutate/vitest.config.ts'), watch: false, reporters: [{}] })
await vitest.standalone()

async function areGreen({ changed, files }: Question): Promise<boolean> {
  for (const file of changed) vitest.invalidateFile(join(root, file))
  const project = vitest.getRootProject()
  const specifications = files.map((file) => project.createSpecification(join(root, file)))
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications)
  const modules = specifications.map(({ testModule }) => testModule) // What it returns has those of earlier questions, too.
  return unhandledErrors.length === 0 && modules.every((module) => module?.ok() === true)
}

process.on('message', (question: Question) => {
  void areGreen(question).then((isGreen) => process.send!({ isGreen } satisfies Answer))
})
process.once('disconnect', () => process.exit())
