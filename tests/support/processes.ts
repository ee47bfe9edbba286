import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { endWithUs } from './end-with-us.ts'

const root = resolve(import.meta.dirname, '../..')

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A Node process of this repository, started by a test and ended by its id. */
export type TestProcess = {
  readonly pid: number
  /** What it has printed so far; the last part of it where it is long. */
  out(): string
  err(): string
  readonly ended: Promise<Ended>
  hasEnded(): boolean
  signal(name: NodeJS.Signals): void
  /** Sends a signal, unless it has ended, and waits for the end. */
  end(name: NodeJS.Signals): Promise<Ended>
}

export type StartOptions = {
  readonly args?: readonly string[]
  /** All that it sees of the environment, beside the path and where compiled code is kept. */
  readonly env?: Readonly<Record<string, string>>
}

const keptChars = 200_000

/** `main`: path of a module from the repository's root. */
export function startProcess(
  main: string,
  { args = [], env = {} }: StartOptions = {},
): TestProcess {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const child = spawn(process.execPath, [resolve(root, main), ...args], {
    env: { PATH, NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { out: '', err: '' }
  child.stdout.on(
    'data',
    (chunk: Buffer) => (printed.out = (printed.out + chunk.toString()).slice(-keptChars)),
  )
  child.stderr.on(
    'data',
    (chunk: Buffer) => (printed.err = (printed.err + chunk.toString()).slice(-keptChars)),
  )
  endWithUs(child)
  const ended = new Promise<Ended>((done, failed) => {
    child.once('error', failed)
    child.once('close', (code, signal) => {
      done({ code, signal })
    })
  })
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  return {
    pid: child.pid ?? Number.NaN,
    out: () => printed.out,
    err: () => printed.err,
    ended,
    hasEnded,
    signal: (name) => void child.kill(name),
    async end(name) {
      if (!hasEnded()) child.kill(name)
      return ended
    },
  }
}
