import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
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
  const known = ['/lib', '/usr/lib', '/usr/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
  return known.some((folder) => existsSync(join(folder, file)))
}

/** Apache Kafka 4 needs Java 17 or later. */
function hasJava() {
  if (findCommand('java') === null) return false
  const version = /version "(\d+)/.exec(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr)
  return Number(version?.[1] ?? 0) >= 17
}

/** @type {readonly Requirement[]} */
export const forStart = [{ what: 'libatomic (Node 26 needs it)', present: () => hasLibrary('libatomic.so.1'), packages: ['libatomic1'] }]

/**
 * Tests run real Redis and real Kafka as local processes, unless endpoints are given or a container engine answers.
 * @returns {readonly Requirement[]}
 */
export function forTests() {
  const containers = findCommand('docker') !== null && spawnSync('docker', ['version'], { stdio: 'ignore', timeout: 10_000 }).status === 0
  const redis = { what: 'Redis', present: () => findCommand('redis-server') !== null, packages: ['redis-server'] }
  const java = {
    what: 'Java 17',
    present: hasJava,
    packages: ['openjdk-21-jre-headless', 'openjdk-17-jre-headless', 'default-jre-headless'],
  }
  const maven = { what: 'Maven', present: () => findCommand('mvn') !== null, packages: ['maven'] }
  return [
    ...(process.env.DESKPULSE_TEST_REDIS || containers ? [] : [redis]),
    ...(process.env.DESKPULSE_TEST_KAFKA_BROKERS || containers ? [] : [java, maven]),
  ]
}

function distribution() {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return '' // Not Linux, or none of the usual ones.
  }
}

export const isUbuntu = () => /^ID=ubuntu$/m.test(distribution())
const isDebianLike = () => /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(distribution())
const isRoot = () => process.getuid?.() === 0

/** @param {readonly string[]} command */
function run([program = '', ...args]) {
  execFileSync(program, args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}

/** @param {Requirement} requirement */
function knownPackage({ packages }) {
  const known = packages.find((name) => spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0)
  return known ?? packages[0] ?? ''
}

/**
 * Installs what is missing, as root on Debian or Ubuntu; anywhere else it names the command.
 * @param {readonly Requirement[]} requirements
 */
export function ensureSystem(requirements) {
  const missing = requirements.filter(({ present }) => !present())
  if (missing.length === 0) return
  const what = missing.map((requirement) => requirement.what).join(', ')
  const own = missing.flatMap(({ command }) => (command ? [command] : []))
  const byApt = missing.filter(({ command }) => !command)
  if (!isDebianLike() || !isRoot()) {
    const apt = byApt.length === 0 ? [] : [`apt-get install -y ${byApt.map(knownPackage).join(' ')}`]
    const commands = [...apt, ...own.map((words) => words.join(' '))].map((command) => `  sudo ${command}`)
    const hint = isDebianLike() ? 'Run:' : "Install it by this system's own packages; on Debian or Ubuntu:"
    throw new Error(`missing: ${what}. ${hint}\n${commands.join('\n')}`)
  }
  console.error(`deskpulse set-up: installing ${what}`)
  if (byApt.length > 0) {
    run(['apt-get', 'update', '-qq'])
    run(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...byApt.map(knownPackage)])
  }
  for (const command of own) run(command)
  const still = missing.filter(({ present }) => !present())
  if (still.length > 0) throw new Error(`still missing after the installation: ${still.map((requirement) => requirement.what).join(', ')}`)
}
