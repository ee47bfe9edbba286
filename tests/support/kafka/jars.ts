import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { kafkaVersion, pomFile } from './version.ts'

const run = promisify(execFile)
const cache = fileURLToPath(new URL('../../../.cache/kafka/', import.meta.url))

/** The folder with the broker's jars, fetched from Maven Central once per version. */
export async function kafkaJars(): Promise<string> {
  const folder = `${cache}${kafkaVersion()}`
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const partial = `${folder}.partial-${process.pid}`
  await needed('mvn', [
    '-q',
    '-B',
    '-f',
    fileURLToPath(pomFile),
    'dependency:copy-dependencies',
    `-DoutputDirectory=${partial}`,
  ])
  // Another test process may have been first: its copy is as good.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }))
  return folder
}

/** Runs a program to its end. @throws naming what to install when the machine does not have it, else with its output. */
export async function needed(program: 'mvn' | 'java', args: readonly string[]): Promise<void> {
  try {
    await run(program, args)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Error(missing(program), { cause: error })
    throw error
  }
}

function missing(program: string): string {
  return (
    `tests need a real Kafka, and this machine has no ${program}: set DESKPULSE_TEST_KAFKA_BROKERS, start a Docker engine, ` +
    'or install Java 17 or newer and Maven (Debian, Ubuntu: apt-get install default-jre-headless maven)'
  )
}
