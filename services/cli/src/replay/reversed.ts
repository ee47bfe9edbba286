/** Everything, last first. Holds all of it in memory: the price of `--reverse`. */
export async function* reversed(lines: AsyncIterable<string>): AsyncGenerator<string> {
  const all: string[] = []
  for await (const line of lines) all.push(line)
  yield* all.toReversed()
}
