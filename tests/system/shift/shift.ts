import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deskpulse, startDeskpulse } from '../../support/deskpulse.ts'
import type { Client } from '../../support/client.ts'
import { figuresFrom, type Figures } from '../../support/figures.ts'
import type { TestProcess } from '../../support/processes.ts'

const hourMs = 3_600_000
/** By name: a tenant's markers have queues of their own, and a message that overtakes its contact's opening is seen in `channel=unknown` until that comes. */
const queues = ['billing', 'orders', 'technical', 'none'].map((queue) => `queue=${queue}`)
const channels = ['chat', 'voice', 'email'].map((channel) => `channel=${channel}`)
const slice = ['all', 'agent=*', 'class=*', ...queues, ...channels]

/** Half an hour of a simulated contact center, two days ago: chats, calls and emails, agents who come and go. */
export type Shift = {
  readonly file: string
  readonly events: number
  /** Replays it over HTTP. */
  replay(tenant: string, url: string, ...options: readonly string[]): TestProcess
  /** Replays it straight to the raw topic. */
  replayToKafka(
    tenant: string,
    brokers: string,
    topicPrefix: string,
    ...options: readonly string[]
  ): TestProcess
  /** Every KPI of every slice, by hour and by day, as the API gives them. */
  figures(client: Client, tenant: string): Promise<Figures>
  [Symbol.asyncDispose](): Promise<void>
}

export async function simulatedShift(): Promise<Shift> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-shift-'))
  const file = join(folder, 'shift.ndjson')
  const startMs = Math.floor(Date.now() / hourMs) * hourMs - 48 * hourMs
  const at = (ms: number): string => new Date(ms).toISOString()
  const [start, from, to] = [at(startMs), at(startMs), at(startMs + hourMs)]
  const size = ['--for', '30m', '--agents', '6', '--rate', '8', '--seed', '7']
  await deskpulse('simulate', '--tenant', 'any', '--out', file, '--start', start, ...size)
  const events = (await readFile(file, 'utf8')).trimEnd().split('\n').length
  return {
    file,
    events,
    replay: (tenant, url, ...options) =>
      startDeskpulse('replay', file, '--tenant', tenant, '--url', url, ...options),
    replayToKafka: (tenant, brokers, prefix, ...options) =>
      startDeskpulse(
        'replay',
        file,
        '--tenant',
        tenant,
        '--brokers',
        brokers,
        '--topic-prefix',
        prefix,
        ...options,
      ),
    async figures(client, tenant) {
      const pages = await Promise.all(
        ['hour', 'day'].map((period) => client.periods(tenant, { period, from, to, slice })),
      )
      return figuresFrom(pages.flat())
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
