import type { Dimension } from '../config/tenant-config.ts'
import type { DimensionValues } from '../measures/measure.ts'
import type { ContactWaits } from '../folds/contact/waits.ts'
import { parseSlice, type Slice } from '../slices/slice.ts'
import type { ActiveAlert, Applied, WatchState } from './deadline.ts'
import type { ContactRule } from './rule.ts'

/** A rule of contacts, its slice read: asked for thousands of contacts. */
type Compiled = { readonly rule: ContactRule; readonly slice: Slice }

/** Rules of one channel class, found by what the contact is in: the cost grows with the rules that apply, not with those that there are. */
type ClassIndex = {
  /** In force for every contact of the class. */
  readonly everywhere: Compiled[]
  /** By the first dimension of their slice, and its value. */
  readonly inSlices: Map<Dimension, Map<string, readonly Compiled[]>>
}

export type ContactRules = {
  /**
   * The rules that apply to the contact as it stands, each with its waits. A rule that an active alert is of applies until that alert's own wait is over,
   * wherever the contact is by then. Nothing, when nothing is waited for and nothing is active. `waits: null`: nothing applies.
   */
  applied(waits: ContactWaits | null, state: WatchState): readonly Applied[]
}

/** @throws RangeError when a rule's slice is no slice: rules are checked where they come in. */
export function contactRules(rules: readonly ContactRule[]): ContactRules {
  const byClass = new Map<string, ClassIndex>()
  const byName = new Map<string, Compiled>()
  for (const rule of rules) {
    const one = { rule, slice: sliceOf(rule) }
    byName.set(rule.name, one)
    for (const channelClass of rule.classes) addTo(byClass, channelClass, one)
  }

  return {
    applied(waits, { active }) {
      if (waits === null) return []
      const { current, dimensions } = waits
      const alerts = Object.entries(active)
      if (current === null && alerts.length === 0) return []
      const found = matching(byClass.get(dimensions.class ?? ''), dimensions).map(({ rule }) =>
        appliedOf(rule, waits),
      )
      for (const [name, alert] of alerts) {
        const elsewhere = byName.get(name)
        if (elsewhere === undefined || found.some(({ rule }) => rule.name === name)) continue
        // The contact is no longer where the rule looks. A wait that is over is judged by its end; one that goes on is withdrawn.
        if (isOver(alert, elsewhere.rule, waits))
          found.push({ ...appliedOf(elsewhere.rule, waits), current: null })
      }
      return found
    },
  }
}

function appliedOf(rule: ContactRule, { current, past }: ContactWaits): Applied {
  return {
    rule,
    current: current !== null && rule.waits.includes(current.kind) ? current : null,
    past: past.filter(({ kind }) => rule.waits.includes(kind)),
  }
}

/** The wait that the alert is about has ended: what goes on, if anything, began after it. */
function isOver({ startedMs }: ActiveAlert, rule: ContactRule, { current }: ContactWaits): boolean {
  return current === null || !rule.waits.includes(current.kind) || current.sinceMs > startedMs
}

function addTo(byClass: Map<string, ClassIndex>, channelClass: string, one: Compiled): void {
  const index: ClassIndex = byClass.get(channelClass) ?? { everywhere: [], inSlices: new Map() }
  byClass.set(channelClass, index)
  const first = one.slice[0]
  if (first === undefined) {
    index.everywhere.push(one)
    return
  }
  const values = index.inSlices.get(first.dimension) ?? new Map<string, readonly Compiled[]>()
  index.inSlices.set(first.dimension, values)
  values.set(first.value, [...(values.get(first.value) ?? []), one])
}

function matching(index: ClassIndex | undefined, dimensions: DimensionValues): Compiled[] {
  if (index === undefined) return []
  const found = [...index.everywhere]
  for (const [dimension, values] of index.inSlices) {
    const value = dimensions[dimension]
    if (typeof value !== 'string') continue
    for (const one of values.get(value) ?? []) if (isIn(one.slice, dimensions)) found.push(one)
  }
  return found
}

/** Whether something with these dimensions is in a slice: in each of its dimensions it has that value, or (an agent's queues) that value among others. */
export function isIn(slice: Slice, dimensions: DimensionValues): boolean {
  return slice.every(({ dimension, value }) => {
    const given = dimensions[dimension]
    return typeof given === 'object' ? given.includes(value) : given === value
  })
}

/** @throws RangeError when the text is no slice. */
export function sliceOf(rule: { readonly name: string; readonly slice: string }): Slice {
  const parsed = parseSlice(rule.slice)
  if (!parsed.ok)
    throw new RangeError(`rule ${rule.name} has no slice: ${parsed.code} in ${rule.slice}`)
  return parsed.slice
}
