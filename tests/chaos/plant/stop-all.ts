import type { Kept } from './kept.ts'

/** Ends all of them in order, at once. @returns those that did not end as they must, in words. */
export async function stopAll(all: readonly Kept[]): Promise<readonly string[]> {
  const ends = await Promise.all(
    all.map(async (one) => ({ name: one.name, ended: await one.stop() })),
  )
  return ends.flatMap(({ name, ended }) =>
    ended.code === 0
      ? []
      : [`${name} was told to stop, and ended with ${ended.signal ?? ended.code}`],
  )
}
