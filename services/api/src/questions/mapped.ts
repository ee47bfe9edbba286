import type { Step } from '../reading/question.ts'
import { granted, type Outcome } from '../reading/tenant.ts'

/** The same step with another result of what is granted. */
export function mapped<From, To>(step: Step<Outcome<From>>, to: (value: From) => To): Step<Outcome<To>> {
  const through = (outcome: Outcome<From>): Outcome<To> => (outcome.ok ? granted(to(outcome.value)) : outcome)
  if (step.kind === 'settled') return { kind: 'settled', result: through(step.result) }
  return { ...step, finish: async (answer) => through(await step.finish(answer)) }
}
