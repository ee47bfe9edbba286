import { decodeRuleVersions, encodeRuleVersions } from '@deskpulse/contract'
import {
  type AlertRule,
  type DeadlineRules,
  deadlineRulesFor,
  effectiveRules,
  type FoldedRule,
  proposeRules,
  type RuleProposal,
  type RuleProposalOutcome,
  type RuleVersion,
  withWarnings,
} from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'

/** A tenant's alert rules: those in force, and the versions before them. */
export class TenantRules {
  #versions: readonly RuleVersion[]
  #rules: readonly AlertRule[]
  #inForce: DeadlineRules
  #subjects: ReadonlySet<FoldedRule['subject']>
  #changed = false

  constructor(stored: Uint8Array | null) {
    this.#versions = stored === null ? [] : decodeRuleVersions(stored)
    this.#rules = watchedRules(this.#versions)
    this.#inForce = deadlineRulesFor(this.#rules)
    this.#subjects = subjectsOf(this.#rules)
  }

  /** Ready to be asked for each subject. */
  get inForce(): DeadlineRules {
    return this.#inForce
  }

  /** How many rules there are, disabled ones too. */
  get count(): number {
    return this.#rules.length
  }

  /** Whether any rule looks at such subjects. */
  watches(subject: FoldedRule['subject']): boolean {
    return this.#subjects.has(subject)
  }

  /** They are in force at once. `unreadable`: a rule names a slice that is none. */
  propose(
    proposal: RuleProposal,
    nowMs: EpochMs,
  ): RuleProposalOutcome | { readonly kind: 'unreadable'; readonly reason: string } {
    const outcome = proposeRules(this.#versions, proposal, nowMs)
    if (outcome.kind !== 'taken') return outcome
    try {
      const rules = watchedRules(outcome.versions)
      this.#inForce = deadlineRulesFor(rules)
      this.#rules = rules
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return { kind: 'unreadable', reason: error.message }
    }
    this.#subjects = subjectsOf(this.#rules)
    this.#versions = outcome.versions
    this.#changed = true
    return outcome
  }

  /** The rule of an alert: the one in force, else as it last was; `null`: none of the versions that are kept has it. */
  ruleOf(name: string, subject: FoldedRule['subject']): FoldedRule | null {
    const before = this.#versions.map(
      (_, count) => () => watchedRules(this.#versions.slice(0, count)),
    )
    for (const rules of [() => this.#rules, ...before.reverse()]) {
      const rule = rules().find((one) => one.name === name)
      if (rule !== undefined && isFolded(rule) && rule.subject === subject) return rule
    }
    return null
  }

  /** The record to write, once after each change. */
  takeChange(): Uint8Array | null {
    if (!this.#changed) return null
    this.#changed = false
    return encodeRuleVersions(this.#versions)
  }
}

const watchedRules = (versions: readonly RuleVersion[]): readonly AlertRule[] =>
  withWarnings(effectiveRules(versions))

function isFolded(rule: AlertRule): rule is FoldedRule {
  return rule.kind === 'deadline' && rule.subject !== 'pipeline' && rule.subject !== 'endpoint'
}

function subjectsOf(rules: readonly AlertRule[]): ReadonlySet<FoldedRule['subject']> {
  return new Set(
    rules.filter(isFolded).flatMap(({ enabled, subject }) => (enabled ? [subject] : [])),
  )
}
