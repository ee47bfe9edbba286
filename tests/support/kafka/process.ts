import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWithUs } from '../end-with-us.ts'
import type { TestKafka } from '../kafka.ts'
import { freePorts } from './free-ports.ts'
import { kafkaJars, needed } from './jars.ts'
import { newKafkaId } from './new-id.ts'
import { propertiesOf, type NodePlace } from './properties.ts'
import { untilAnswers } from './until-answers.ts'

export type KafkaProcessOptions = {
  /** Each is broker and controller; with three or more, topics have three copies, of which two must have an append. Default 1. */
  readonly nodes?: number
  /** Makes a second way to a node: told its port, gives the one at which its clients are told to find it (a proxy's). */
  readonly outerPort?: (port: number) => Promise<number>
  /** Further ways to a single node, which ask who is there. */
  readonly secured?: Secured
}

type Secured = {
  /** Security protocols by the names of their listeners. */
  readonly listeners: Readonly<Record<string, 'SSL' | 'SASL_SSL' | 'SASL_PLAINTEXT'>>
  /** By their names in `server.properties`. */
  readonly settings: Readonly<Record<string, string>>
  /** SCRAM credentials that there are from the start, as `kafka-storage` takes them. */
  readonly scram?: readonly string[]
}

export type KafkaNode = {
  /** Ends it hard, as a crash would, and keeps its data. */
  kill(): Promise<void>
  /** Starts it again after `kill`, and returns when it answers. */
  start(): Promise<void>
}

export type KafkaProcesses = TestKafka & {
  readonly restart: () => Promise<void>
  readonly nodes: readonly KafkaNode[]
  /** Where the clients of the second way begin; those of `brokers` never take it. */
  readonly outerBrokers: readonly string[]
  /** Of the first node, by the names of `secured.listeners`. */
  readonly securedBrokers: Readonly<Record<string, readonly string[]>>
}

/** Apache Kafka as Java processes on 127.0.0.1, controller and broker in one (KRaft), with small heaps. */
export async function processKafka({
  nodes: count = 1,
  outerPort,
  secured = { listeners: {}, settings: {} },
}: KafkaProcessOptions = {}): Promise<KafkaProcesses> {
  const classPath = `${await kafkaJars()}/*`
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-kafka-'))
  const names = Object.entries(secured.listeners)
  const ports = await freePorts(3 * count + names.length)
  const ways = Object.fromEntries(
    names.map(([name, protocol], at) => [name, { protocol, port: ports[3 * count + at] ?? 0 }]),
  )
  const places = await Promise.all(
    Array.from({ length: count }, async (_, index): Promise<NodePlace> => {
      const [port = 0, controllerPort = 0, behindPort = 0] = ports.slice(3 * index)
      const outer =
        outerPort === undefined ? null : { port: behindPort, toldPort: await outerPort(behindPort) }
      const own = join(folder, String(index + 1))
      return { id: index + 1, folder: own, port, controllerPort, outer, secured: ways }
    }),
  )
  const clusterId = newKafkaId()
  const quorum = places
    .map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}:${newKafkaId()}`)
    .join(',')
  const nodes = await Promise.all(
    places.map(async (place): Promise<KafkaNode> => {
      const config = `${place.folder}.properties`
      await writeFile(config, propertiesOf(place, places, secured.settings))
      const format = ['format', '--initial-controllers', quorum, '-t', clusterId, '-c', config]
      for (const credential of secured.scram ?? []) format.push('--add-scram', credential)
      await needed('java', ['-cp', classPath, 'kafka.tools.StorageTool', ...format])
      return node(classPath, config, place.port)
    }),
  )
  const kill = async (): Promise<void> => void (await Promise.all(nodes.map((one) => one.kill())))
  const start = async (): Promise<void> => void (await Promise.all(nodes.map((one) => one.start())))
  const stop = async (): Promise<void> => {
    await kill()
    await rm(folder, { recursive: true, force: true })
  }
  await start().catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return {
    brokers: places.map(({ port }) => `127.0.0.1:${port}`),
    outerBrokers: places.flatMap(({ outer }) =>
      outer === null ? [] : [`127.0.0.1:${outer.toldPort}`],
    ),
    securedBrokers: Object.fromEntries(
      Object.entries(ways).map(([name, { port }]) => [name, [`127.0.0.1:${port}`]]),
    ),
    nodes,
    restart: async () => {
      await kill()
      await start()
    },
    stop,
  }
}

function node(classPath: string, config: string, port: number): KafkaNode {
  let broker: ChildProcess | null = null
  return {
    async kill() {
      if (broker !== null) await end(broker)
    },
    async start() {
      broker = await start(classPath, config, port)
    },
  }
}

// The flags halve the start; a test's broker does not live long enough for the second compiler.
const javaOptions = [
  '-Xms128m',
  '-Xmx384m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
]

async function start(classPath: string, config: string, port: number): Promise<ChildProcess> {
  const child = spawn('java', [...javaOptions, '-cp', classPath, 'kafka.Kafka', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(child)
  let output = ''
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  await untilAnswers(port, () => child.exitCode === null && child.signalCode === null).catch(
    async (error: unknown) => {
      await end(child)
      throw new Error(`Kafka did not start:\n${output}`, { cause: error })
    },
  )
  return child
}

/** Hard, as a crash would: tests are to survive that. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
