import { setTimeout as pause } from 'node:timers/promises'

export type Patience = {
  readonly withinMs?: number
  readonly everyMs?: number
}

/**
 * Asks until the answer is as wanted, and returns it. A question that fails is asked again: what is asked may be starting, or away.
 * @throws Error with the last answer, or the last failure, when time is up.
 */
export async function until<Answer>(
  state: string,
  ask: () => Answer | Promise<Answer>,
  wanted: (answer: Answer) => boolean,
  { withinMs = 60_000, everyMs = 50 }: Patience = {},
): Promise<Answer> {
  const givesUpAtMs = performance.now() + withinMs
  let last: { readonly answer: Answer } | { readonly error: unknown }
  do {
    try {
      const answer = await ask()
      if (wanted(answer)) return answer
      last = { answer }
    } catch (error) {
      last = { error }
    }
    await pause(everyMs)
  } while (performance.now() < givesUpAtMs)
  if ('error' in last) throw new Error(`not within ${withinMs} ms: ${state}`, { cause: last.error })
  throw new Error(
    `not within ${withinMs} ms: ${state}; last: ${JSON.stringify(last.answer)?.slice(0, 2_000)}`,
  )
}
