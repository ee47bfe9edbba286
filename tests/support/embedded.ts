import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientAt, type Client } from './client.ts'
import { freePorts } from './kafka/free-ports.ts'
import { service, type Service } from './services.ts'

export type Embedded = {
  readonly service: Service
  readonly client: Client
  readonly dataDir: string
  /** The whole configuration of the next start. */
  configure(config: object): Promise<void>
  /** Ends it hard and removes its data. */
  [Symbol.asyncDispose](): Promise<void>
}

/** The product in one process, started with `npm start`'s own options on a fresh data directory, and ready. `config`: its whole configuration; `env`: what it sees of the environment. */
export async function startEmbedded(
  config: object,
  env: Readonly<Record<string, string>> = {},
): Promise<Embedded> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-system-'))
  const [port = 0] = await freePorts(1)
  const file = join(folder, 'deskpulse.yaml')
  const configure = (next: object): Promise<void> => writeFile(file, JSON.stringify(next)) // YAML holds JSON.
  await configure(config)
  const dataDir = join(folder, 'data')
  const args = ['--no-simulator', '--port', String(port), '--data-dir', dataDir, '--config', file]
  const product = service({ main: 'services/standalone/src/main.ts', port, args, env })
  async function dispose(): Promise<void> {
    await product.end('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await product.start()
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    service: product,
    client: clientAt(product.url, product.url),
    dataDir,
    configure,
    [Symbol.asyncDispose]: dispose,
  }
}
