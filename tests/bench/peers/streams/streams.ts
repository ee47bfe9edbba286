import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWithUs } from '../../../support/end-with-us.ts'
import { freePorts } from '../../../support/kafka/free-ports.ts'
import { until } from '../../../support/until.ts'
import { openedOf } from '../../pipeline/observer.ts'
import type { Places } from '../equality/figures.ts'
import type { Subject } from '../subject.ts'
import { figuresOfDump } from './figures.ts'
import { classPath } from './jar.ts'

/** Forms of the peer. `committedReads`: stores are transactional, and readers see what no crash takes back, as Deskpulse's do. */
export const variants = [
  { name: 'Kafka Streams, RocksDB', store: 'rocksdb', committedReads: false },
  { name: 'Kafka Streams, memory', store: 'memory', committedReads: false },
  { name: 'Kafka Streams, RocksDB, committed reads', store: 'rocksdb', committedReads: true },
] as const

export type Streams = Subject & {
  figures(tenant: string, windowStartMs: number): Promise<Places>
}

export type StreamsOptions = {
  readonly variant: (typeof variants)[number]
  readonly brokers: readonly string[]
  readonly topic: string
}

let applications = 0

export async function kafkaStreams({ variant, brokers, topic }: StreamsOptions): Promise<Streams> {
  const [port] = await freePorts(2)
  const url = `http://127.0.0.1:${port}`
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-peer-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  let application = ''
  let child: ChildProcess | null = null

  function launched(): ChildProcess {
    const flags = {
      application,
      brokers: brokers.join(','),
      topic,
      'state-dir': folder,
      store: variant.store,
      'committed-reads': variant.committedReads,
      port,
    }
    const java = [
      '-Xmx512m',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
      '-Dsun.net.httpserver.nodelay=true',
      '-cp',
      classPath,
    ]
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])
    const started = spawn('java', [...java, 'deskpulse.peer.streams.Main', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    endWithUs(started)
    return started
  }

  const hasEnded = (): boolean => child?.exitCode !== null || child.signalCode !== null
  return {
    name: variant.name,
    to: { kind: 'topic', brokers, topic },
    url,
    /** Its next start is that of another application: no offsets, no changelogs. */
    async clear() {
      if (application !== '') rmSync(join(folder, application), { recursive: true, force: true })
      application = `peer-${process.pid}-${++applications}`
    },
    async start() {
      child = launched()
      const isThere = async (): Promise<boolean> => hasEnded() || (await openedOf(url, 'any')) === 0
      await until(`${variant.name} answers`, isThere, Boolean)
      if (hasEnded())
        throw new Error(`${variant.name} has ended with ${child.exitCode ?? child.signalCode}`)
    },
    async end() {
      if (child === null || hasEnded()) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
    pid: () => child?.pid ?? Number.NaN,
    processes: () => ({ worker: application, beside: [] }),
    async figures(tenant, windowStartMs) {
      const response = await fetch(`${url}/dump/${tenant}`)
      const text = await response.text()
      if (response.status !== 200)
        throw new Error(`${variant.name} answers ${response.status}: ${text}`)
      return figuresOfDump(text, windowStartMs)
    },
  }
}
