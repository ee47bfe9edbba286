import assert from 'node:assert/strict'
import type { Answer } from '../reading/held.ts'
import type { Step } from '../reading/question.ts'
import { granted, type Outcome } from '../reading/tenant.ts'
import type { Turns } from '../reading/turns.ts'

/** The same step with another result of what is granted, made within its work. What is settled without a read is refused, and stays so. */
export function mapped<From, To>(
  step: Step<Outcome<From>>,
  to: (value: From, answer: Answer, turn: Turns) => To | Promise<To>,
): Step<Outcome<To>> {
  if (step.kind === 'settled') {
    assert.ok(!step.result.ok, 'nothing is granted without a read')
    return { kind: 'settled', result: step.result }
  }
  return {
    ...step,
    async layOut(turn) {
      const { finish, ...layout } = await step.layOut(turn)
      return {
        ...layout,
        async finish(answer, inTurns) {
          const outcome = await finish(answer, inTurns)
          return outcome.ok ? granted(await to(outcome.value, answer, inTurns)) : outcome
        },
      }
    },
  }
}
