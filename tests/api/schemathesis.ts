import { execFile } from 'node:child_process'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
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

export type Verdict = {
  readonly passed: boolean
  readonly report: string
  /** How often each status was answered, by operation: `GET /v1/keys`. */
  readonly answers: Answers
}

export type Answers = ReadonlyMap<string, ReadonlyMap<number, number>>

export type Asking = {
  /** For the variables of schemathesis.toml. */
  readonly values: Readonly<Record<string, string>>
  /** Who asks; `null`: nobody. */
  readonly key: string | null
  /** With the server in the mode `open` no key is ignored by mistake. */
  readonly isOpen: boolean
  /** The short form leaves out the phase that takes longest, a systematic walk through all that a schema forbids. */
  readonly isShort: boolean
}

/** More by hand: `SCHEMATHESIS_EXAMPLES=300`, of each operation, and another `SCHEMATHESIS_SEED`. All phases are run then. */
const examples = process.env['SCHEMATHESIS_EXAMPLES']
const seed = process.env['SCHEMATHESIS_SEED']

const optionsOf = ({ key, isOpen, isShort }: Asking): readonly string[] => [
  ...(key === null ? [] : ['--header', `Authorization: Bearer ${key}`]),
  ...(isOpen ? ['--exclude-checks', 'ignored_auth'] : []),
  ...(seed === undefined ? [] : ['--seed', seed]),
  ...(examples === undefined ? [] : ['--max-examples', examples]),
  ...(isShort && examples === undefined
    ? ['--phases', 'examples,fuzzing', '--max-examples', '3']
    : []),
]

/** Asks the server at an address what its document says, and what it does not. */
export async function schemathesis(url: string, asking: Asking): Promise<Verdict> {
  const notes = await mkdtemp(join(tmpdir(), 'deskpulse-schemathesis-')) // It keeps some where it runs.
  const exchanges = join(notes, 'exchanges.ndjson')
  const args = [
    ...['-m', 'schemathesis.cli', '--config-file', here('schemathesis.toml')],
    ...['run', `${url}/openapi.json`, '--no-color', ...optionsOf(asking)],
    ...['--report', 'ndjson', '--report-ndjson-path', exchanges],
  ]
  try {
    const { passed, report } = await outcomeOf(
      run(python, args, {
        cwd: notes,
        env: { ...process.env, ...asking.values },
        maxBuffer: 64 * 1024 * 1024,
      }),
    )
    return { passed, report, answers: await answersIn(exchanges) }
  } finally {
    await rm(notes, { recursive: true })
  }
}

type Output = { readonly stdout: string }

async function outcomeOf(running: Promise<Output>): Promise<Omit<Verdict, 'answers'>> {
  try {
    return { passed: true, report: (await running).stdout }
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string }
    if (stdout === undefined) throw error
    return { passed: false, report: `${stdout}${stderr ?? ''}` }
  }
}

/** A line of its report of what was sent and answered. */
type Line = {
  readonly ScenarioFinished?: {
    readonly recorder: {
      readonly label: string
      readonly interactions?: Readonly<Record<string, { readonly response: Answer | null }>>
    }
  }
}
type Answer = { readonly status_code: number }

async function answersIn(file: string): Promise<Answers> {
  const answers = new Map<string, Map<number, number>>()
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { recorder } = (JSON.parse(line) as Line).ScenarioFinished ?? {}
    if (recorder === undefined) continue
    const counts = answers.get(recorder.label) ?? new Map<number, number>()
    answers.set(recorder.label, counts)
    for (const { response } of Object.values(recorder.interactions ?? {}))
      if (response !== null)
        counts.set(response.status_code, (counts.get(response.status_code) ?? 0) + 1)
  }
  return answers
}
