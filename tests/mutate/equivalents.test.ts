import { expect, test } from 'vitest'
import { readText } from '../checks/files.ts'
import { equivalentOf, equivalents } from './equivalents.ts'
import { mutantsOf } from './mutants.ts'

test.each(equivalents)(
  'what is listed as changing nothing is a mutant of today: $path: $original → $replacement',
  (equivalent) => {
    const source = readText(equivalent.path)
    const known = mutantsOf(equivalent.path, source).filter(
      (mutant) => equivalentOf(mutant, source, [equivalent]) !== undefined,
    )
    expect(known).not.toEqual([])
  },
)
