import type { AlertRule, AlertSeverity } from './rule.ts'

/** No rule of a person has a dot in its name. */
const suffix = '.warning'

/** The rule that a warning is of; `null`: the name is none of a warning. */
export const warnedRule = (name: string): string | null =>
  name.endsWith(suffix) ? name.slice(0, -suffix.length) : null

const lesser: Readonly<Record<AlertSeverity, AlertSeverity>> = {
  critical: 'warning',
  warning: 'info',
  info: 'info',
}

const made = new WeakMap<readonly AlertRule[], readonly AlertRule[]>() // A memo, not state.

/**
 * The rules as they are watched: behind each that warns before its limit stands the rule of that warning, which is told once, a severity less, and has an
 * alert of its own. The same array gives the same answer.
 */
export const withWarnings = (rules: readonly AlertRule[]): readonly AlertRule[] =>
  made.getOrInsertComputed(rules, () =>
    rules.some(
      ({ kind, ...rule }) => kind === 'deadline' && 'warnAt' in rule && rule.warnAt !== null,
    )
      ? rules.flatMap((rule) => [rule, ...warningOf(rule)])
      : rules,
  )

function warningOf(rule: AlertRule): readonly AlertRule[] {
  if (rule.kind !== 'deadline' || !('warnAt' in rule) || rule.warnAt === null) return []
  const { name, severity, limitMs, warnAt } = rule
  return [
    {
      ...rule,
      ...{ name: name + suffix, severity: lesser[severity], repeatMs: null, escalation: null },
      ...{ limitMs: Math.round(limitMs * warnAt), warnAt: null, warnsOfMs: limitMs },
    },
  ]
}
