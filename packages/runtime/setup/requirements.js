import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Something that the operating system must have. `packages` holds names of one Debian package, best first: releases differ in which they know.
 * `command` replaces apt-get where a distribution has no such package.
 * @typedef {{ what: string, present: () => boolean, packages: readonly string[], command?: readonly string[] }} Requirement
 */

/** @param {string} name of a program on the PATH; `null` when there is none. */
export function findCommand(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      continue // Not in this folder.
    }
  }
  return null
}

/** @param {string} file name of a shared library. Elsewhere than on Linux every library counts as present. */
function hasLibrary(file) {
  if (process.platform !== 'linux') return true
  const known = [
    '/lib',
    '/usr/lib',
    '/usr/lib64',
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
  ]
  return known.some((folder) => existsSync(join(folder, file)))
}

/**
 * Apache Kafka 4 needs Java 17 or later.
 * @param {'java' | 'javac'} program `java` tells its version on standard error, `javac` on standard output.
 */
function hasJava(program) {
  if (findCommand(program) === null) return false
  const { stdout, stderr } = spawnSync(program, ['-version'], { encoding: 'utf8' })
  const version = /(?:version "|javac )(\d+)/.exec(stdout + stderr)
  return Number(version?.[1] ?? 0) >= 17
}

/** @type {Requirement} */
const maven = { what: 'Maven', present: () => findCommand('mvn') !== null, packages: ['maven'] }

/** Debian's Python makes virtual environments only with a package of its own. */
const makesEnvironments = () =>
  spawnSync('python3', ['-c', 'import ensurepip, venv'], { stdio: 'ignore' }).status === 0

/** @type {readonly Requirement[]} */
export const forStart = [
  {
    what: 'libatomic (Node 26 needs it)',
    present: () => hasLibrary('libatomic.so.1'),
    packages: ['libatomic1'],
  },
]

/**
 * Tests run real Redis and real Kafka as local processes, unless endpoints are given or a container engine answers. Alertmanager is always a process. Schemathesis is a Python program.
 * @returns {readonly Requirement[]}
 */
export function forTests() {
  const containers =
    findCommand('docker') !== null &&
    spawnSync('docker', ['version'], { stdio: 'ignore', timeout: 10_000 }).status === 0
  const redis = {
    what: 'Redis',
    present: () => findCommand('redis-server') !== null,
    packages: ['redis-server'],
  }
  const java = {
    what: 'Java 17',
    present: () => hasJava('java'),
    packages: ['openjdk-21-jre-headless', 'openjdk-17-jre-headless', 'default-jre-headless'],
  }
  const alertmanager = {
    what: 'Alertmanager',
    present: () =>
      findCommand('prometheus-alertmanager') !== null || findCommand('alertmanager') !== null,
    packages: ['prometheus-alertmanager'],
  }
  const python = {
    what: 'Python 3 with venv',
    present: makesEnvironments,
    packages: ['python3-venv'],
  }
  return [
    alertmanager,
    python,
    ...(process.env.DESKPULSE_TEST_REDIS_URL || containers ? [] : [redis]),
    ...(process.env.DESKPULSE_TEST_KAFKA_BROKERS || containers ? [] : [java, maven]),
  ]
}

/**
 * The bench builds one of the peers that Deskpulse is measured beside.
 * @type {readonly Requirement[]}
 */
export const forPeers = [
  {
    what: 'JDK 17',
    present: () => hasJava('javac'),
    packages: ['openjdk-21-jdk-headless', 'openjdk-17-jdk-headless', 'default-jdk-headless'],
  },
  maven,
]
