import { mutated, type Mutant } from './mutants.ts'

/** Mutants of one file by their numbers. */
export type Numbered = ReadonlyMap<number, Mutant>

/** The source with all of them in it at once. `globalThis.mutant` says of each whether it is on, whenever it is come by. */
export function withSwitches(source: string, mutants: Numbered): string {
  const outermostFirst = [...mutants].sort(
    ([, { place: a }], [, { place: b }]) => a.start - b.start || b.end - a.end,
  )
  return written(source, { start: 0, end: source.length }, outermostFirst)
}

type Range = { readonly start: number; readonly end: number }

function written(
  source: string,
  { start, end }: Range,
  switches: readonly (readonly [number, Mutant])[],
): string {
  let text = ''
  let at = start
  let left = switches
  while (left.length > 0) {
    const { place } = left[0]![1]
    const own = left.filter(
      ([, { place: one }]) => one.start === place.start && one.end === place.end,
    )
    const inner = left.filter((one) => one[1].place.end <= place.end && !own.includes(one))
    const versions = own.map(([number, mutant]) => ({
      number,
      text: mutated(source, mutant, place),
    }))
    const original = written(source, place, inner)
    text +=
      source.slice(at, place.start) +
      (place.isStatement ? statement(versions, original) : expression(versions, original))
    at = place.end
    left = left.filter(([, { place: one }]) => one.start >= place.end)
  }
  return text + source.slice(at, end)
}

type Version = { readonly number: number; readonly text: string }

const isOn = ({ number }: Version): string => `globalThis.mutant?.(${number})`
const statement = (versions: readonly Version[], original: string): string =>
  versions.map((one) => `if (${isOn(one)}) { ${one.text} } else `).join('') + original
const expression = (versions: readonly Version[], original: string): string =>
  `(${versions.map((one) => `${isOn(one)} ? ${one.text} : `).join('')}${original})`
