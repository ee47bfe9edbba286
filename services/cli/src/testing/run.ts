import { systemClock, type Clock } from '../clock.ts'
import type { ExitCode } from '../command-line/failure.ts'
import type { Context } from '../commands/command.ts'
import { deskpulse } from '../deskpulse.ts'

export type Ran = { readonly exitCode: ExitCode; readonly out: string; readonly err: string }

/** `deskpulse ARGS` in this process, with what it wrote. */
export async function run(
  args: readonly string[],
  { clock = systemClock, ...context }: Partial<Context> & { clock?: Clock } = {},
): Promise<Ran> {
  let out = ''
  let err = ''
  const exitCode = await deskpulse(args, {
    terminal: {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      interactive: false,
    },
    clock,
    signal: new AbortController().signal,
    env: {},
    input: () => streamOf(),
    connectKafka: () => Promise.reject(new Error('this test has no Kafka')),
    openKafkaTopic: () => Promise.reject(new Error('this test has no Kafka')),
    ...context,
  })
  return { exitCode, out, err }
}

export async function* streamOf(
  ...chunks: readonly (string | Uint8Array)[]
): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
