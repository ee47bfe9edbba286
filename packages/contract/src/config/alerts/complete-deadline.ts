import type { AlertRule, DeadlineRule } from '@deskpulse/core'
import type { RuleCommon } from './complete-common.ts'
import { faultsOf, type Made, missing, type RuleFault } from './rule-fault.ts'
import type { RuleInput } from './rule-input.ts'
import { type DeadlineSubject, topicName } from './rule-members.ts'
import { subjectSlice } from './rule-slice.ts'
import { deadlineText } from './rule-text.ts'

type Of<Subject extends DeadlineSubject> = Extract<DeadlineRule, { subject: Subject }>

function before<Subject extends DeadlineSubject>(
  existing: AlertRule | undefined,
  subject: Subject,
): Of<Subject> | undefined {
  return existing?.kind === 'deadline' && existing.subject === subject
    ? (existing as Of<Subject>)
    : undefined
}

/** Each once: a rule that were listed twice under a class would fire twice. */
const once = <Word>(words: readonly Word[]): readonly Word[] => [...new Set(words)]

const allWaits = ['reply', 'queue'] as const

/** A deadline rule out of what is said, over the one that it changes. */
export function completeDeadline(
  input: RuleInput,
  subject: DeadlineSubject,
  existing: AlertRule | undefined,
  common: RuleCommon,
): Made<DeadlineRule> {
  const limitMs = input.limit ?? before(existing, subject)?.limitMs
  const text = { ...deadlineText(subject), ...existing?.text, ...input.text }
  const base = { ...common, text, kind: 'deadline', limitMs: limitMs ?? 0 } as const
  const lacks: RuleFault[] = limitMs === undefined ? [missing('limit', topicName[subject])] : []
  const done = (value: DeadlineRule): Made<DeadlineRule> =>
    lacks.length > 0 ? { faults: lacks } : { value }

  switch (subject) {
    case 'contact': {
      const was = before(existing, subject)
      const slice = subjectSlice(input.slice ?? was?.slice ?? 'all', subject)
      if ('faults' in slice) return { faults: [...lacks, ...faultsOf(slice)] }
      const waits = once(input.waits ?? was?.waits ?? allWaits)
      return done({
        ...base,
        subject,
        waits,
        classes: once(input.classes ?? was?.classes ?? ['live', 'voice']),
        slice: slice.value,
      })
    }
    case 'agent': {
      const was = before(existing, subject)
      const states = input.states ?? was?.states
      if (states === undefined) lacks.push(missing('states', topicName.agent))
      const slice = subjectSlice(input.slice ?? was?.slice ?? 'all', subject)
      if ('faults' in slice) return { faults: [...lacks, ...faultsOf(slice)] }
      return done({ ...base, subject, states: once(states ?? []), slice: slice.value })
    }
    case 'source': {
      const sources =
        input.sources === undefined ? (before(existing, subject)?.sources ?? null) : input.sources
      return done({ ...base, subject, sources: sources === null ? null : once(sources) })
    }
    case 'dimension':
    case 'pipeline':
    case 'endpoint':
    case 'clock':
    case 'records':
      return done({ ...base, subject })
  }
}
