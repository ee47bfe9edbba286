import type { Dimension } from '../config/tenant-config.ts'
import type { FactDimensions } from '../measures/measure.ts'

type Node = { ids: readonly number[] | undefined; readonly next: Map<string | undefined, Node> }

const newNode = (): Node => ({ ids: undefined, next: new Map() })

const keyOf = (value: string | readonly string[] | undefined): string | undefined =>
  value === undefined || typeof value === 'string' ? value : `\u0000${value.join('\u0000')}` // No id holds a control character.

/** Remembers the slice numbers of dimension values, one map a dimension: no string is built for a fact that was seen before. */
export type SliceMemo = { idsOf(facts: FactDimensions, compute: () => readonly number[]): readonly number[] }

/** Starts over at `entriesMax`, so that a million agents and queues cannot fill the memory. */
export function sliceMemo(dimensions: readonly Dimension[], entriesMax: number): SliceMemo {
  let root = newNode()
  let entries = 0

  function step(node: Node, key: string | undefined): Node {
    const known = node.next.get(key)
    if (known !== undefined) return known
    const made = newNode()
    node.next.set(key, made)
    entries++
    return made
  }

  return {
    idsOf(facts, compute) {
      if (entries >= entriesMax) {
        root = newNode()
        entries = 0
      }
      let node = root
      for (const dimension of dimensions) node = step(node, keyOf(facts[dimension]))
      node.ids ??= compute()
      return node.ids
    },
  }
}
