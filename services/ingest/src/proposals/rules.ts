import {
  alertRulesEntry,
  canonicalJson,
  decodeRuleVersions,
  encodeAlertRulesEntry,
  entryKinds,
} from '@deskpulse/contract'
import { type AlertRule, type RuleVersion, shippedRules } from '@deskpulse/core/alerts'
import { rulesKey } from '@deskpulse/core/state'
import type { Proposable } from './proposable.ts'

/**
 * The installation's part of every tenant's alert rules; what the tenant's users say stays.
 * `base`: what the installation says, that is the shipped rules, changed and added to by its file.
 */
export function rulesProposals(base: readonly AlertRule[]): Proposable<RuleVersion> {
  const wanted = canonicalJson(base)
  return {
    what: 'alert-rules',
    entryKind: entryKinds.alertRules,
    action: 'rules.propose',
    concerns: () => true,
    key: rulesKey,
    decode: decodeRuleVersions,
    isOurs: (_, version) => canonicalJson(version?.base ?? shippedRules) === wanted,
    entry(_, over) {
      const entry = alertRulesEntry({
        predecessor: over?.id ?? null,
        origin: 'file',
        author: null,
        base,
        own: over?.own ?? [],
      })
      return { id: entry.id, bytes: encodeAlertRulesEntry(entry), says: base }
    },
    saysOf: (version) => version.base,
  }
}
