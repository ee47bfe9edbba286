import { setImmediate as nextTurn } from 'node:timers/promises'

/** Long work asks now and then whether it is to let others have their turn: a promise to await, or `null` to go on. */
export type Turns = () => Promise<void> | null

/** How long work goes on before others have a turn. */
const turnMs = 8

export function turns(): Turns {
  let beganMs = performance.now()
  return () => {
    if (performance.now() - beganMs < turnMs) return null
    return nextTurn().then(() => {
      beganMs = performance.now()
    })
  }
}

/** All at once. */
export const noTurns: Turns = () => null

/** `map`, in turns. */
export async function mapInTurns<From, To>(
  from: readonly From[],
  to: (one: From, index: number) => To,
  turn: Turns,
): Promise<To[]> {
  const made: To[] = []
  for (const one of from) {
    made.push(to(one, made.length))
    const pause = turn()
    if (pause !== null) await pause
  }
  return made
}
