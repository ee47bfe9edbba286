import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { ensureJar } from './streams/jar.ts'

const setup = resolve(import.meta.dirname, '../../../packages/runtime/setup/main.js')

/** Installs what only the peers need, and builds the one that has to be built. @throws Error that says what is missing, and how it is installed. */
export async function preparePeers(tell: (text: string) => void): Promise<void> {
  await promisify(execFile)(process.execPath, [setup, 'peers']).catch((error: unknown) => {
    throw new Error(
      `the peers cannot be set up: ${error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)}`,
    )
  })
  await ensureJar(() => tell('peers: mvn package'))
}
