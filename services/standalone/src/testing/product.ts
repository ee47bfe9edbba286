import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const main = resolve(import.meta.dirname, '../main.ts')

export type Ended = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** The product as a process of its own, with what it has printed so far. */
export type Product = {
  readonly child: ChildProcess
  out(): string
  /** The address of its one line. @throws Error when it ends before. */
  ready(): Promise<string>
  readonly ended: Promise<Ended>
  /** Ends it, unless it has ended. */
  kill(signal: NodeJS.Signals): Promise<Ended>
}

export function launch(...args: readonly string[]): Product {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const env = { PATH, NODE_COMPILE_CACHE }
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  const line = Promise.withResolvers<string>()
  const end = Promise.withResolvers<Ended>()
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
    const address = /(https?:\S+)\n/.exec(out)?.[1]
    if (address !== undefined) line.resolve(address)
  })
  child.on('close', (code, signal) => {
    end.resolve({ code, signal, out, err })
    line.reject(new Error(`ended with ${code ?? signal} before it was ready: ${err}`))
  })
  line.promise.catch(() => {}) // Nobody may be waiting for it.
  return {
    child,
    out: () => out,
    ready: () => line.promise,
    ended: end.promise,
    kill(signal) {
      child.kill(signal)
      return end.promise
    },
  }
}

/** Products and a data directory of one test; what still runs at its end is killed. */
export function workbench() {
  const dataDir = mkdtempSync(join(tmpdir(), 'deskpulse-standalone-'))
  const launched: Product[] = []
  return {
    dataDir,
    start(...args: readonly string[]): Product {
      const product = launch('--port', '0', '--data-dir', dataDir, ...args)
      launched.push(product)
      return product
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(launched.map((product) => product.kill('SIGKILL')))
      rmSync(dataDir, { recursive: true })
    },
  }
}
