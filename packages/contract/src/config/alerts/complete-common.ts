import {
  type AlertRule,
  type Catalogue,
  minuteMs,
  type Slice,
  type WeeklyHours,
} from '@deskpulse/core'
import { didYouMean, type Fault } from '../fault.ts'
import { weeklyHoursOf } from './hours.ts'
import { fault, type RuleFault } from './rule-fault.ts'
import type { RuleInput } from './rule-input.ts'

/** What a rule is completed and checked against. */
export type RuleContext = {
  readonly catalogue: Catalogue
  /** Whether slices of these dimensions are kept. */
  readonly keeps: (slice: Slice) => boolean
  /** Hours of rules that say nothing of them; `null`: always. */
  readonly hours: WeeklyHours | null
  /** Names of the rules that a rule may change. */
  readonly names: readonly string[]
  /** Names of the endpoints that there are; `null`: they are checked elsewhere. */
  readonly endpoints: readonly string[] | null
}

/** What all rules have, but for the text. */
export type RuleCommon = Pick<
  AlertRule,
  'name' | 'enabled' | 'severity' | 'labels' | 'hours' | 'repeatMs' | 'endpoints'
>

/** Of a rule that changes no other. */
const repeatDefaultMs = 30 * minuteMs

function hoursOf(
  { always, hours }: RuleInput,
  existing: AlertRule | undefined,
  context: RuleContext,
): WeeklyHours | null {
  if (always === true || hours === null) return null
  if (hours !== undefined) return weeklyHoursOf(hours)
  return always === undefined && existing !== undefined ? existing.hours : context.hours
}

export function commonOf(
  input: RuleInput,
  existing: AlertRule | undefined,
  context: RuleContext,
): RuleCommon {
  return {
    name: input.name,
    enabled: input.enabled ?? existing?.enabled ?? true,
    severity: input.severity ?? existing?.severity ?? 'warning',
    labels: input.labels ?? existing?.labels ?? {},
    hours: hoursOf(input, existing, context),
    repeatMs:
      input.repeat === undefined
        ? existing === undefined
          ? repeatDefaultMs
          : existing.repeatMs
        : input.repeat,
    endpoints: input.endpoints === undefined ? (existing?.endpoints ?? null) : input.endpoints,
  }
}

export function commonFaults(
  { always, hours, endpoints }: RuleInput,
  context: RuleContext,
): RuleFault[] {
  const faults: RuleFault[] = []
  if (always === true && hours !== undefined && hours !== null)
    faults.push(fault('always', 'hours or always, not both', 'true'))
  const known = context.endpoints
  if (known === null || endpoints === undefined || endpoints === null) return faults
  for (const [at, name] of endpoints.entries()) {
    if (!known.includes(name))
      faults.push({
        ...fault('endpoints', endpointExpected(name, known), name),
        path: ['endpoints', at],
      })
  }
  return faults
}

/** What should stand for the name of an endpoint that there is not. */
export function endpointExpected(
  name: string,
  known: readonly string[],
): Pick<Fault, 'expected' | 'hint'> {
  return { expected: 'the name of an endpoint that is told of alerts', ...didYouMean(name, known) }
}
