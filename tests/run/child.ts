import { spawn, type StdioOptions } from 'node:child_process'
import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

/** Code that one process has compiled is at hand for the next: hundreds of them start, most of which is compiling. */
const env = { NODE_COMPILE_CACHE: resolve(root, 'node_modules/.cache/deskpulse-tests') }

const running = new Set<() => void>()

/** A stop signal reaches what is under way, so that nothing goes on without its runner. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const end of running) end()
    process.exit(1)
  })
}

export type Finished = { readonly exitCode: number; readonly output: string }

/** Runs a program in the root. Its output is returned where `stdio` pipes it. */
export async function runProgram(
  program: string,
  args: readonly string[],
  stdio: StdioOptions,
): Promise<Finished> {
  const child = spawn(program, args, { cwd: root, stdio, env: { ...env, ...process.env } })
  const end = (): void => void child.kill('SIGTERM')
  running.add(end)
  const output: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk))
  const closed = Promise.withResolvers<number>()
  child.on('error', closed.reject)
  child.on('close', (status) => closed.resolve(status ?? 1))
  try {
    return { exitCode: await closed.promise, output: Buffer.concat(output).toString() }
  } finally {
    running.delete(end)
  }
}
