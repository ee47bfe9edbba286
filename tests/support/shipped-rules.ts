import { shippedRules } from '@deskpulse/core/alerts'

/** The shipped rules, switched off, but for those `kept` and those about full dimensions and the installation. */
export function shippedRulesOff(...kept: readonly string[]): { name: string; enabled: false }[] {
  const own = shippedRules.filter(
    (rule) => rule.kind === 'windowed' || ['contact', 'source', 'pipeline'].includes(rule.subject),
  )
  return own
    .filter(({ name }) => !kept.includes(name))
    .map(({ name }) => ({ name, enabled: false }))
}
