import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePorts } from './kafka/free-ports.ts'
import { until } from './until.ts'

/** An alert as Alertmanager's API lists it. */
export type ListedAlert = {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
  readonly status: { readonly state: string }
}

/** A real Alertmanager on 127.0.0.1, alone, its data in a folder of its own. */
export type TestAlertmanager = {
  readonly url: string
  /** Active alerts, grouped as its route says. */
  groups(): Promise<
    readonly {
      readonly labels: Readonly<Record<string, string>>
      readonly alerts: readonly ListedAlert[]
    }[]
  >
  alerts(): Promise<readonly ListedAlert[]>
  /** Kills it and starts it again at the same address: it has lost everything. */
  restartEmpty(): Promise<void>
  stop(): Promise<void>
}

export type AlertmanagerOptions = {
  readonly groupBy: readonly string[]
  /** Where it sends its own notifications. */
  readonly webhook: string
  /** After so long without a new word an alert counts as resolved. */
  readonly resolveTimeout?: string
}

/** Debian's name of the program, and everybody else's. @throws Error that says what to install. */
function program(): string {
  for (const name of ['prometheus-alertmanager', 'alertmanager']) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK)
        return join(folder, name)
      } catch {
        continue // Not in this folder.
      }
    }
  }
  throw new Error('tests need a real Alertmanager: apt-get install prometheus-alertmanager')
}

/** One process of it, ready. @throws Error with its output when it ends before. */
async function startProgram(url: string, args: readonly string[]): Promise<AsyncDisposable> {
  const child = spawn(program(), args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-4_000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const endWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  await using started = new AsyncDisposableStack()
  started.defer(async () => {
    process.removeListener('exit', endWithUs)
    if (hasEnded()) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  })
  await until(
    'Alertmanager is ready',
    async () => hasEnded() || (await fetch(`${url}/-/ready`)).ok,
    Boolean,
  )
  if (hasEnded()) throw new Error(`Alertmanager did not start:\n${output}`)
  return started.move()
}

export async function startAlertmanager({
  groupBy,
  webhook,
  resolveTimeout = '5m',
}: AlertmanagerOptions): Promise<TestAlertmanager> {
  await using started = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-alertmanager-'))
  started.defer(() => rm(folder, { recursive: true, force: true }))
  const config = {
    global: { resolve_timeout: resolveTimeout },
    route: {
      receiver: 'test',
      group_by: groupBy,
      group_wait: '100ms',
      group_interval: '200ms',
      repeat_interval: '1h',
    },
    receivers: [{ name: 'test', webhook_configs: [{ url: webhook, send_resolved: true }] }],
  }
  const file = join(folder, 'alertmanager.yml')
  await writeFile(file, JSON.stringify(config)) // YAML holds JSON.
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const data = join(folder, 'data')
  const args = [
    `--config.file=${file}`,
    `--storage.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]
  let running = await startProgram(url, args)
  started.defer(() => running[Symbol.asyncDispose]())

  async function read<Answer>(path: string): Promise<Answer> {
    return (await (await fetch(`${url}${path}`)).json()) as Answer
  }
  const whole = started.move()
  return {
    url,
    groups: () => read('/api/v2/alerts/groups'),
    alerts: () => read('/api/v2/alerts'),
    async restartEmpty() {
      await running[Symbol.asyncDispose]()
      await rm(data, { recursive: true, force: true })
      running = await startProgram(url, args)
    },
    stop: () => whole.disposeAsync(),
  }
}
