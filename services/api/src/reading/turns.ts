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

/** Works that let others have their turn, the first one first. */
const waiting: (() => void)[] = []

/** One work goes on in each round of the event loop, so that a short answer waits for one turn at most, however many works there are. */
function nextTurn(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (waiting.push(resolve) === 1) setImmediate(goOn)
  return promise
}

function goOn(): void {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(goOn)
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
