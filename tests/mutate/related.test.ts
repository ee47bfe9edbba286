import { expect, test } from 'vitest'
import { importGraph, testStages } from './related.ts'

const sources = new Map([
  ['packages/core/src/a/one.ts', ''],
  ['packages/core/src/a/one.test.ts', "import { one } from './one.ts'"],
  ['packages/core/src/b/two.ts', "import { one } from '../a/one.ts'"],
  ['packages/core/src/b/two.test.ts', "import { two } from './two.ts'"],
  ['packages/core/src/index.ts', "export * from './b/two.ts'"],
  ['services/api/src/read.test.ts', "import { two } from '@deskpulse/core'"],
  ['services/api/src/other.test.ts', "import { z } from 'zod'"],
])
const graph = importGraph(sources, (name) =>
  name === '@deskpulse/core' ? 'packages/core/src/index.ts' : null,
)

test('what a change reaches is tested from near to far: its folder, its package, the rest', () => {
  expect(testStages('packages/core/src/a/one.ts', graph)).toEqual([
    ['packages/core/src/a/one.test.ts'],
    ['packages/core/src/b/two.test.ts'],
    ['services/api/src/read.test.ts'],
  ])
  expect(testStages('packages/core/src/b/two.ts', graph)).toEqual([
    ['packages/core/src/b/two.test.ts'],
    ['services/api/src/read.test.ts'],
  ])
})

test('near alone: without the tests of other packages', () => {
  expect(testStages('packages/core/src/b/two.ts', graph, true)).toEqual([
    ['packages/core/src/b/two.test.ts'],
  ])
})

test('within a stage, what imports a file itself comes before what imports it by others', () => {
  const near = new Map([
    ['packages/core/src/a/one.ts', ''],
    ['packages/core/src/a/two.ts', "import { one } from './one.ts'"],
    ['packages/core/src/a/any.test.ts', "import { two } from './two.ts'"],
    ['packages/core/src/a/one.test.ts', "import { one } from './one.ts'"],
  ])
  const [own] = testStages(
    'packages/core/src/a/one.ts',
    importGraph(near, () => null),
  )
  expect(own).toEqual(['packages/core/src/a/one.test.ts', 'packages/core/src/a/any.test.ts'])
})
