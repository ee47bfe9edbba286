import { expect, test } from 'vitest'
import { createRandom } from '../../services/cli/src/simulate/random.ts'
import { readText } from '../checks/files.ts'
import { areaNames } from './areas.ts'
import { equivalentOf, equivalents } from './equivalents.ts'
import { mutantsOf, type Mutant } from './mutants.ts'
import { optionsOf } from './options.ts'
import { sampleOf } from './sample.ts'

test('without options a hundred mutants of all areas are tried, from a drawn seed', () => {
  expect(optionsOf([], 17)).toEqual({
    seed: 17,
    count: 100,
    areas: areaNames,
    files: null,
    isNear: false,
  })
})

test('an area that is none is refused by name', () => {
  expect(() => optionsOf(['--areas', 'core,cork'], 1)).toThrow('--areas: there is no area cork')
})

test('a seed chooses one sample, in order and without repeats; all where more are wanted than there are', () => {
  const all = Array.from({ length: 1_000 }, (_, at) => at)
  const sample = sampleOf(all, 50, createRandom(1))
  expect(sample).toEqual([...new Set(sample)].sort((a, b) => a - b))
  expect(sample).toHaveLength(50)
  expect(sampleOf(all, 50, createRandom(1))).toEqual(sample)
  expect(sampleOf(all, 50, createRandom(2))).not.toEqual(sample)
  expect(sampleOf(all, Infinity, createRandom(1))).toEqual(all)
})

test('a mutant is known to change nothing where path, change and, if given, its line are those of the list', () => {
  const source = 'const a = 1\nconst b = 1\n'
  const place = { start: 22, end: 23, isStatement: false }
  const mutant: Mutant = {
    path: 'a.ts',
    line: 2,
    start: 22,
    end: 23,
    original: '1',
    replacement: '0',
    place,
  }
  const known = { path: 'a.ts', original: '1', replacement: '0', reason: 'nobody reads it' }
  expect(equivalentOf(mutant, source, [known])).toBe(known)
  expect(equivalentOf(mutant, source, [{ ...known, within: 'const a = 1' }])).toBeUndefined()
  expect(equivalentOf(mutant, source, [{ ...known, replacement: '(1 + 1)' }])).toBeUndefined()
})

test('each known one is still there: a line that was changed is to be thought of again', () => {
  const gone = equivalents.filter(({ path, original, replacement, within }) => {
    const source = readText(path)
    return !mutantsOf(path, source).some((mutant) =>
      equivalentOf(mutant, source, [{ path, original, replacement, within, reason: '' }]),
    )
  })
  expect(gone).toEqual([])
})
