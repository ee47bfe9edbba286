import { execFile } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const folder = resolve(import.meta.dirname, '../java')
const jar = `${folder}/target/peers.jar`

/** What `java` finds the peer by. */
export const classPath = `${jar}:${folder}/target/lib/*`

/** Builds the peer with Maven, unless its jar is there and no source is newer. @throws Error with Maven's output. */
export async function ensureJar(onBuild: () => void): Promise<void> {
  const sources = globSync(['pom.xml', 'src/**/*.java'], { cwd: folder }).map(
    (source) => `${folder}/${source}`,
  )
  if (!isOlder(jar, sources)) return
  onBuild()
  await promisify(execFile)('mvn', ['-q', '-B', '-f', `${folder}/pom.xml`, 'clean', 'package'])
}

/** A file that is not there is older than any. */
export function isOlder(file: string, sources: readonly string[]): boolean {
  const madeMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity
  return sources.some((source) => statSync(source).mtimeMs > madeMs)
}
