import { stripTypeScriptTypes } from 'node:module'
import { runInNewContext } from 'node:vm'
import { parseSync } from 'oxc-parser'
import { expect, test } from 'vitest'
import { filesOf, readText } from '../checks/files.ts'
import { areas, notMutated } from './areas.ts'
import { mutantsOf, mutated, type Mutant } from './mutants.ts'
import { withSwitches } from './switches.ts'

/** What a text leaves in `out`, or that it throws. */
function outcomeOf(text: string, on: number | null): unknown {
  const out: unknown[] = []
  try {
    runInNewContext(
      stripTypeScriptTypes(text),
      { out, mutant: (number: number) => number === on },
      { timeout: 1_000 },
    )
  } catch (error) {
    out.push((error as Error).name)
  }
  return out
}

const numbered = (mutants: readonly Mutant[]): ReadonlyMap<number, Mutant> =>
  new Map(mutants.entries())

test.each([
  'for (const a of [1, 2, 3]) if (a < 2) continue\nelse if (a > 2) out.push(-a)\nelse out.push(a + 7)',
  'const f = (a) => a?.list.findIndex((one) => one === 2 - 1).toFixed(1)\nout.push(f(null), f({ list: [0, 1] }))',
  'const list = [3, 4]\nlist.push(5)\nlist.shift()\nconst last = list\nlist.some((a) => a === 5) && out.push(list)\nout.push(last[0])',
  'let sum = 0\nfor (let at = 0; at < 3; at++) sum += at * 2\nsum -= 1\nout.push(sum > 4 ? sum ?? 1 : !sum)',
  'switch (1 + 1) {\n  case 2:\n    out.push(2)\n    break\n  default:\n    out.push(3)\n}',
  'const f = () => {\n  if (out.length === 0) return\n  out.push(1)\n}\nf()\nout.push(Math.max(1, 2) || 0)\nf()',
])(
  'a switched text does what each mutant alone does, and with none what the source does: %#',
  (source) => {
    const mutants = mutantsOf('a.ts', source)
    const switched = withSwitches(source, numbered(mutants))
    expect(outcomeOf(switched, null)).toEqual(outcomeOf(source, null))
    for (const [number, mutant] of mutants.entries())
      expect(outcomeOf(switched, number)).toEqual(outcomeOf(mutated(source, mutant), null))
  },
)

test('without a switch, as in a process that a test starts, the text is as it was', () => {
  const source = 'out.push(1 + 2)'
  const out: unknown[] = []
  runInNewContext(withSwitches(source, numbered(mutantsOf('a.ts', source))), { out })
  expect(out).toEqual([3])
})

test('whatever is mutated can be parsed with all its mutants in it', () => {
  const left = new Set(filesOf(...notMutated))
  const paths = filesOf(...Object.values(areas).flat()).filter((path) => !left.has(path))
  const wrong = paths.filter((path) => {
    const source = readText(path)
    return (
      parseSync(path, withSwitches(source, numbered(mutantsOf(path, source)))).errors.length > 0
    )
  })
  expect(paths.length).toBeGreaterThan(100)
  expect(wrong).toEqual([])
})
