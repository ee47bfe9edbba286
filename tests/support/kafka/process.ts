import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestKafka } from '../kafka.ts'
import { brokerSettings } from './broker-settings.ts'
import { freePorts } from './free-ports.ts'
import { kafkaJars, needed } from './jars.ts'
import { untilAnswers } from './until-answers.ts'

/** Apache Kafka as one Java process on 127.0.0.1, controller and broker in one (KRaft), with a small heap. */
export async function processKafka(): Promise<TestKafka> {
  const classPath = `${await kafkaJars()}/*`
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-kafka-'))
  const [port, controllerPort] = await freePorts(2)
  const config = join(folder, 'server.properties')
  await writeFile(config, properties(join(folder, 'data'), port, controllerPort))
  const clusterId = randomBytes(16).toString('base64url')
  await needed('java', ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '--standalone', '-t', clusterId, '-c', config])

  let broker = await start(classPath, config, port)
  return {
    brokers: [`127.0.0.1:${port}`],
    restart: async () => {
      await end(broker)
      broker = await start(classPath, config, port)
    },
    stop: async () => {
      await end(broker)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

// The flags halve the start; a test's broker does not live long enough for the second compiler.
const javaOptions = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto']

async function start(classPath: string, config: string, port: number): Promise<ChildProcess> {
  const child = spawn('java', [...javaOptions, '-cp', classPath, 'kafka.Kafka', config], { stdio: ['ignore', 'pipe', 'pipe'] })
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  child.once('exit', () => process.removeListener('exit', endWithUs))
  let output = ''
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  await untilAnswers(port, () => child.exitCode === null && child.signalCode === null).catch(async (error: unknown) => {
    await end(child)
    throw new Error(`Kafka did not start:\n${output}`, { cause: error })
  })
  return child
}

/** Hard, as a crash would: tests are to survive that. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

function properties(dataFolder: string, port: number, controllerPort: number): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': dataFolder,
    ...brokerSettings,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
