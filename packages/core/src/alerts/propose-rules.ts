import type { RuleVersion } from './rule.ts'

/** How many versions of its rules a tenant keeps: the last ones. */
export const ruleVersionsMax = 20

export type RuleProposal = Omit<RuleVersion, 'fromMs'> & {
  /** The version that it changes; `null`: there is none yet, the shipped rules are in force. */
  readonly predecessor: string | null
}

export type RuleProposalOutcome =
  | { readonly kind: 'taken'; readonly versions: readonly RuleVersion[] }
  /** It is the current version already. */
  | { readonly kind: 'known' }
  /** It names a predecessor that is not the current version. */
  | { readonly kind: 'conflict'; readonly current: string | null }

/** Proposed rules, met in the log at `logTimeMs`. They change no facts, so they are in force from that entry on. `versions`: oldest first. */
export function proposeRules(
  versions: readonly RuleVersion[],
  proposal: RuleProposal,
  logTimeMs: number,
): RuleProposalOutcome {
  const current = versions.at(-1)?.id ?? null
  if (proposal.id === current) return { kind: 'known' }
  if (proposal.predecessor !== current) return { kind: 'conflict', current }
  const { id, origin, author, base, own } = proposal
  return {
    kind: 'taken',
    versions: [...versions, { id, fromMs: logTimeMs, origin, author, base, own }].slice(
      -ruleVersionsMax,
    ),
  }
}
