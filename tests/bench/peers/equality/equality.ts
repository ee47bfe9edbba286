import { differences, valuesIn } from '../../../chaos/compare/answers.ts'
import type { Places } from './figures.ts'

/** What one peer says beside what Deskpulse's API says. */
export type Equality = {
  readonly subject: string
  readonly values: number
  /** In words, each with its place. */
  readonly differences: readonly string[]
}

/** `places`: of each tenant. Nothing to compare is a difference: something was to be counted. */
export function equalityOf(
  subject: string,
  found: ReadonlyMap<string, Places>,
  wanted: ReadonlyMap<string, Places>,
): Equality {
  let values = 0
  const all: string[] = []
  for (const tenant of new Set([...wanted.keys(), ...found.keys()])) {
    const places = wanted.get(tenant) ?? new Map()
    values += valuesIn(places)
    if (places.size === 0) all.push(`${tenant}: nothing was counted`)
    all.push(
      ...differences(found.get(tenant) ?? new Map(), places).map(
        (line) => `${tenant}, ${line} by Deskpulse`,
      ),
    )
  }
  return { subject, values, differences: all }
}

/** Nobody has said anything else than Deskpulse. */
export const isSame = (equality: readonly Equality[]): boolean =>
  equality.every(({ differences }) => differences.length === 0)
