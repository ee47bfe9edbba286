import { runProgram } from './child.ts'
import type { Counts } from './counts.ts'

export type Check = { readonly name: string; readonly command: readonly [string, ...string[]] }

/** `npm run check`: what can be said about the code without running it. */
export const checks: readonly Check[] = [
  { name: 'types', command: ['tsc', '-p', 'tests/tsconfig.json'] },
  {
    name: 'types of core, which knows no Node',
    command: ['tsc', '-p', 'packages/core/tsconfig.json'],
  },
  { name: 'types of the set-up', command: ['tsc', '-p', 'packages/runtime/setup/tsconfig.json'] },
  {
    name: 'types of the wallboard',
    command: ['tsc', '-p', 'services/api/wallboard/tsconfig.json'],
  },
  {
    name: 'types of the page of score cards',
    command: ['tsc', '-p', 'services/api/scorecards/tsconfig.json'],
  },
  {
    name: 'types of the alerts page',
    command: ['tsc', '-p', 'services/alerter/page/tsconfig.json'],
  },
  {
    name: 'types of the page of imports',
    command: ['tsc', '-p', 'services/ingest/page/tsconfig.json'],
  },
  {
    name: 'types of the page that signs in',
    command: ['tsc', '-p', 'packages/access/page/tsconfig.json'],
  },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
]

/** Its output is shown only when it fails. */
async function runCheck({ name, command: [program, ...args] }: Check): Promise<boolean> {
  const { exitCode, output } = await runProgram(program, args, ['ignore', 'pipe', 'pipe'])
  console.log(`${exitCode === 0 ? '✓' : '✗'} ${name}`)
  if (exitCode !== 0) console.log(output)
  return exitCode === 0
}

/** Two at a time, since most of them use one core. */
export async function runChecks(): Promise<Counts> {
  const waiting = checks.values()
  const failures: string[] = []
  const worker = async (): Promise<void> => {
    for (const check of waiting) if (!(await runCheck(check))) failures.push(`check: ${check.name}`)
  }
  await Promise.all([worker(), worker()])
  return { passed: checks.length - failures.length, failures, skipped: 0 }
}
