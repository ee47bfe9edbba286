import { parseArgs } from 'node:util'
import { areaNames, type Area } from './areas.ts'

export type MutateOptions = {
  readonly seed: number
  /** How many mutants are tried. */
  readonly count: number
  readonly areas: readonly Area[]
  /** Instead of the areas. */
  readonly files: readonly string[] | null
  /** Only the tests of a mutant's own package are run: harsher, and quick. */
  readonly isNear: boolean
}

const usualCount = 100

export const usage = `npm run mutate -- [options]
  --seed N         chooses the mutants; drawn and printed when left out
  --count N        how many are tried (${usualCount})
  --all            every one: days
  --areas A,…      ${areaNames.join(', ')} (all)
  --near           with the tests of their own package alone: harsher, and quick
  --files PATTERN  files of these instead, such as 'packages/core/src/folds/**/*.ts'`

/** @throws Error in words for the one who typed. */
export function optionsOf(args: readonly string[], drawnSeed: number): MutateOptions {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: text,
      count: text,
      all: { type: 'boolean' },
      near: { type: 'boolean' },
      areas: text,
      files: text,
    },
  })
  return {
    seed: countOf('seed', values.seed, drawnSeed),
    count: values.all === true ? Infinity : countOf('count', values.count, usualCount),
    areas: areasOf(values.areas),
    files: values.files === undefined ? null : [values.files],
    isNear: values.near === true,
  }
}

function areasOf(typed: string | undefined): readonly Area[] {
  if (typed === undefined) return areaNames
  return typed.split(',').map((name) => {
    const area = areaNames.find((one) => one === name)
    if (area === undefined) throw new Error(`--areas: there is no area ${name}`)
    return area
  })
}

function countOf(name: string, typed: string | undefined, otherwise: number): number {
  if (typed === undefined) return otherwise
  if (!/^\d{1,9}$/.test(typed)) throw new Error(`--${name} must be a whole number, not ${typed}`)
  return Number(typed)
}
