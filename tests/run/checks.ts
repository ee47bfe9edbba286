import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { Counts } from './counts.ts'

export const root = resolve(import.meta.dirname, '../..')

export type Check = { readonly name: string; readonly command: readonly [string, ...string[]] }

/** `npm run check`: what can be said about the code without running it. */
export const checks: readonly Check[] = [
  { name: 'types', command: ['tsc', '-p', 'tests/tsconfig.json'] },
  { name: 'types of core, which knows no Node', command: ['tsc', '-p', 'packages/core/tsconfig.json'] },
  { name: 'types of the set-up', command: ['tsc', '-p', 'packages/runtime/setup/tsconfig.json'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
]

/** Its output is shown only when it fails. */
async function runCheck({ name, command: [program, ...args] }: Check): Promise<boolean> {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
  const code = await new Promise<number>((done, fail) => {
    child.on('error', fail)
    child.on('close', (status) => done(status ?? 1))
  })
  console.log(`${code === 0 ? '✓' : '✗'} ${name}`)
  if (code !== 0) console.log(Buffer.concat(output).toString())
  return code === 0
}

/** Two at a time, since most of them use one core. */
export async function runChecks(): Promise<Counts> {
  const waiting = checks.values()
  const results: boolean[] = []
  const worker = async (): Promise<void> => {
    for (const check of waiting) results.push(await runCheck(check))
  }
  await Promise.all([worker(), worker()])
  const passed = results.filter(Boolean).length
  return { passed, failed: results.length - passed, skipped: 0 }
}
