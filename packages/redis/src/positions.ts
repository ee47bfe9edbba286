/**
 * Ids of streams say nothing of whose they are, and two generations may have the same one: outside of this package a cursor or a place in the outbox
 * is `<generation>/<id>`. In another generation it is nowhere.
 */
export const positionIn = <Position extends string>(generation: string, id: string): Position =>
  `${generation}/${id}` as Position

/** The stream's own id; `null`: the position is one of another generation. */
export const idIn = (generation: string, position: string): string | null =>
  position.startsWith(`${generation}/`) ? position.slice(generation.length + 1) : null
