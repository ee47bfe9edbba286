import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, runProgram } from './child.ts'
import { countsOf, none, type Counts, type VitestReport } from './counts.ts'
import type { Tier } from './tiers.ts'

function readReport(file: string): VitestReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  } catch {
    return null // Vitest did not get as far.
  }
}

function hasFiles(tier: Tier): boolean {
  const exclude = ['**/node_modules/**', ...(tier.exclude ?? [])]
  return globSync([...tier.include], { cwd: root, exclude }).length > 0
}

/** Runs one tier in a vitest of its own, so that a tier's leftovers do not reach the next. */
export async function runTier(tier: Tier): Promise<Counts> {
  if (!hasFiles(tier)) return none
  console.log(`\n── ${tier.name}`)
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-tests-'))
  const file = join(folder, 'report.json')
  const args = ['run', '--config', 'tests/vitest.config.ts', '--project', tier.name]
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const { exitCode } = await runProgram(
    'vitest',
    [...args, ...reporters],
    ['ignore', 'inherit', 'inherit'],
  )
  const report = readReport(file)
  rmSync(folder, { recursive: true })
  return countsOf({ tier: tier.name, root, report, exitCode, strict: process.env.CI === 'true' })
}
