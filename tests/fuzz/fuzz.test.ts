import { expect, test } from 'vitest'
import { parsers } from './parsers/index.ts'
import { fuzz, sharesOf } from './run.ts'

const seed = 20_261_129
const shares = sharesOf(parsers, 20_000)

test.each(parsers.map((parser) => [parser.name, parser] as const))(
  `%s is read or refused with a code, and nothing else happens (seed ${seed})`,
  async (_name, parser) => {
    const figures = await fuzz(parser, shares.get(parser)!, seed)
    expect(figures.inputs).toBeGreaterThan(0)
    expect(figures.taken).toBeGreaterThan(0) // One that takes nothing is not looked into.
  },
)
