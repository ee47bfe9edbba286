import type { AlertRule, RuleVersion } from './rule.ts'
import { shippedRules } from './shipped-rules.ts'

const merged = new WeakMap<readonly RuleVersion[], readonly AlertRule[]>() // A memo, not state: folds ask for each record.

/**
 * The rules in force by the last version: what the installation says, replaced by name and added to by the tenant's own. Disabled ones are among them.
 * Without any version: the shipped ones. The same versions give the same array.
 */
export function effectiveRules(versions: readonly RuleVersion[]): readonly AlertRule[] {
  const last = versions.at(-1)
  return last === undefined
    ? shippedRules
    : merged.getOrInsertComputed(versions, () => mergeRules(last.base, last.own))
}

/** `over` replaces what has the same name, in its place, and adds the rest. */
export function mergeRules(
  under: readonly AlertRule[],
  over: readonly AlertRule[],
): readonly AlertRule[] {
  const byName = new Map(under.map((rule) => [rule.name, rule]))
  for (const rule of over) byName.set(rule.name, rule)
  return [...byName.values()]
}
