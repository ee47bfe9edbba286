/** Runs what it is given one after another, each to its end, in the order of the calls. What awaits one goes on before the next begins. */
export type InTurn = <Result>(act: () => Promise<Result>) => Promise<Result>

export function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const turn = last.then(act)
    last = turn.then(
      () => {},
      () => {},
    )
    return turn // Itself: its awaiter is told in the step in which `last` is, one before the next begins.
  }
}
