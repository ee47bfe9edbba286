import { expect, test } from 'vitest'
import { filesOf, readText } from './files.ts'

const linesMax = 500
const medianLinesMax = 150

const sources = filesOf('{packages,services,tests}/**/*.{ts,js,lua,css,html}')
const lengths = sources.map((path) => ({ path, lines: readText(path).split('\n').length - 1 }))

test('no source file is longer than 500 lines: look for the second idea in it', () => {
  expect(lengths.filter(({ lines }) => lines > linesMax)).toEqual([])
})

test('most source files can be read at a glance', () => {
  const sorted = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b)
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(medianLinesMax)
})
