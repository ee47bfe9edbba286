import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const requirements = here('requirements.txt')
const version = readFileSync(requirements, 'utf8').trim().replace('==', '-')
const folder = here(`../../.cache/${version}`)
const python = `${folder}/bin/python`

/** Whether this machine has Schemathesis, or can fetch it. */
export async function hasPython(): Promise<boolean> {
  if (existsSync(python)) return true
  return run('python3', ['-c', 'import ensurepip, venv']).then(
    () => true,
    () => false,
  )
}

/** Fetches it from PyPI into a virtual environment, once per version. */
export async function installSchemathesis(): Promise<void> {
  if (existsSync(python)) return
  const partial = `${folder}.partial-${process.pid}`
  await mkdir(here('../../.cache/'), { recursive: true })
  await run('python3', ['-m', 'venv', partial])
  await run(`${partial}/bin/python`, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    requirements,
  ])
  // Another test process may have been first: its copy is as good.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }))
}

export type Verdict = { readonly passed: boolean; readonly report: string }

/** Asks the server at an address what its document says, and what it does not. `values`: for the variables of schemathesis.toml. */
export async function schemathesis(
  url: string,
  values: Readonly<Record<string, string>>,
): Promise<Verdict> {
  const args = [
    '-m',
    'schemathesis.cli',
    '--config-file',
    here('schemathesis.toml'),
    'run',
    `${url}/openapi.json`,
    '--no-color',
  ]
  const notes = await mkdtemp(join(tmpdir(), 'deskpulse-schemathesis-')) // It keeps some where it runs.
  try {
    const { stdout } = await run(python, args, {
      cwd: notes,
      env: { ...process.env, ...values },
      maxBuffer: 64 * 1024 * 1024,
    })
    return { passed: true, report: stdout }
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string }
    if (stdout === undefined) throw error
    return { passed: false, report: `${stdout}${stderr ?? ''}` }
  } finally {
    await rm(notes, { recursive: true })
  }
}
