import { parseSlice } from '../slices/slice.ts'
import type { EpochMs } from '../time/time.ts'
import type { AlertFacts, AlertKey } from './transition.ts'

/** What matches an alert: every named member, equal. `label` compares one label. */
export type SilenceMatcher =
  | {
      readonly on: 'rule' | 'subject' | 'slice' | 'severity' | 'kind' | 'contact' | 'agent'
      readonly value: string
    }
  | { readonly on: 'label'; readonly label: string; readonly value: string }

/** Alerts that match all matchers page nobody in [startsMs, endsMs); they are listed as silenced. */
export type Silence = {
  readonly id: string
  readonly tenant: string
  readonly matchers: readonly SilenceMatcher[]
  readonly author: string
  readonly comment: string
  readonly startsMs: EpochMs
  readonly endsMs: EpochMs
}

/** What of an alert a silence can match. */
export type SilenceableAlert = Pick<AlertKey, 'tenant' | 'rule' | 'subject'> &
  Pick<AlertFacts, 'slice' | 'severity' | 'kind' | 'contactId' | 'agentId' | 'labels'>

/** Whether the silence is meant for the alert, at whatever time. Without matchers: for every alert of its tenant. */
export function matchesSilence(
  silence: Pick<Silence, 'tenant' | 'matchers'>,
  alert: SilenceableAlert,
): boolean {
  return (
    silence.tenant === alert.tenant && silence.matchers.every((matcher) => matches(matcher, alert))
  )
}

function matches(matcher: SilenceMatcher, alert: SilenceableAlert): boolean {
  switch (matcher.on) {
    case 'rule':
    case 'subject':
    case 'severity':
    case 'kind':
      return alert[matcher.on] === matcher.value
    case 'slice':
      return alert.slice === canonical(matcher.value)
    case 'contact':
      return alert.contactId === matcher.value
    case 'agent':
      return alert.agentId === matcher.value
    case 'label':
      return (
        Object.hasOwn(alert.labels, matcher.label) && alert.labels[matcher.label] === matcher.value
      )
  }
}

/** A person may write the parts of a slice in any order. */
function canonical(text: string): string {
  const parsed = parseSlice(text)
  return parsed.ok ? parsed.text : text
}

export const isInForce = (
  { startsMs, endsMs }: Pick<Silence, 'startsMs' | 'endsMs'>,
  atMs: EpochMs,
): boolean => startsMs <= atMs && atMs < endsMs

/** Those that silence the alert at this moment. */
export function silencesOf(
  alert: SilenceableAlert,
  silences: readonly Silence[],
  atMs: EpochMs,
): readonly Silence[] {
  return silences.filter((silence) => isInForce(silence, atMs) && matchesSilence(silence, alert))
}

/** The first moment from `fromMs` on at which nothing silences the alert: `fromMs` itself when nothing does. Silences that follow one another are one. */
export function audibleFrom(
  alert: SilenceableAlert,
  silences: readonly Silence[],
  fromMs: EpochMs,
): EpochMs {
  const meant = silences
    .filter((silence) => matchesSilence(silence, alert))
    .sort((a, b) => a.startsMs - b.startsMs)
  return meant.reduce((atMs, silence) => (isInForce(silence, atMs) ? silence.endsMs : atMs), fromMs)
}
