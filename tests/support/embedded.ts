import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientAt, type Client } from './client.ts'
import { freePorts } from './kafka/free-ports.ts'
import { makeKeys, type WantedKey } from './keys.ts'
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
  return (await startEmbeddedWithKeys(config, {}, env)).product
}

/** The same, with keys that were made before it starts: their texts, by name. The client brings the one named `client`. */
export async function startEmbeddedWithKeys<Name extends string>(
  config: object,
  wanted: Readonly<Record<Name, WantedKey>>,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly product: Embedded; readonly keys: Readonly<Record<Name, string>> }> {
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
    const keys = await makeKeys(dataDir, wanted)
    await product.start()
    const client = clientAt(product.url, product.url, (keys as Record<string, string>)['client'])
    const embedded = { service: product, client, dataDir, configure }
    return { product: { ...embedded, [Symbol.asyncDispose]: dispose }, keys }
  } catch (error) {
    await dispose()
    throw error
  }
}
