import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** @typedef {import('./requirements.js').Requirement} Requirement */

/**
 * What the set-up has to know of the machine. `knows`: apt-get has a package of that name.
 * @typedef {{ debianLike: boolean, root: boolean, knows: (name: string) => boolean }} Machine
 */

/**
 * @typedef {{ kind: 'nothing' }
 *   | { kind: 'install', what: string, byApt: readonly string[], own: readonly (readonly string[])[] }
 *   | { kind: 'refuse', message: string }} Plan
 */

function distribution() {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return '' // Not Linux, or none of the usual ones.
  }
}

export const isUbuntu = () => /^ID=ubuntu$/m.test(distribution())

/** @type {import('node:child_process').SpawnSyncOptionsWithStringEncoding} */
const aptOutput = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }

/** @returns {Machine} */
function thisMachine() {
  return {
    debianLike: /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(distribution()),
    root: process.getuid?.() === 0,
    knows: (name) =>
      /^ {2}Candidate: (?!\(none\))/m.test(
        spawnSync('apt-cache', ['policy', name], aptOutput).stdout ?? '',
      ),
  }
}

/**
 * Installs as root on Debian or Ubuntu; anywhere else it names the command.
 * @param {readonly Requirement[]} missing
 * @param {Machine} machine
 * @returns {Plan}
 */
export function planOf(missing, machine) {
  if (missing.length === 0) return { kind: 'nothing' }
  const what = missing.map((requirement) => requirement.what).join(', ')
  const own = missing.flatMap(({ command }) => (command ? [command] : []))
  const byApt = missing.flatMap(({ command, packages }) =>
    command ? [] : [packages.find(machine.knows) ?? packages[0] ?? ''],
  )
  if (machine.debianLike && machine.root) return { kind: 'install', what, byApt, own }
  const commands = [...(byApt.length === 0 ? [] : [['apt-get', 'install', '-y', ...byApt]]), ...own]
  const hint = machine.debianLike
    ? 'Run:'
    : "Install it by this system's own packages; on Debian or Ubuntu:"
  return {
    kind: 'refuse',
    message: `missing: ${what}. ${hint}\n${commands.map((words) => `  sudo ${words.join(' ')}`).join('\n')}`,
  }
}

/** @param {readonly string[]} command */
function run([program = '', ...args]) {
  execFileSync(program, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

/**
 * Makes sure of all requirements. @throws Error that names what is missing and the command that installs it.
 * @param {readonly Requirement[]} requirements
 */
export function ensureSystem(requirements) {
  const missing = requirements.filter(({ present }) => !present())
  if (missing.length === 0) return
  const machine = thisMachine()
  if (machine.debianLike && machine.root) run(['apt-get', 'update', '-qq']) // Before the plan: it asks which packages there are.
  const plan = planOf(missing, machine)
  if (plan.kind === 'nothing') return
  if (plan.kind === 'refuse') throw new Error(plan.message)
  console.error(`deskpulse set-up: installing ${plan.what}`)
  if (plan.byApt.length > 0)
    run(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...plan.byApt])
  for (const command of plan.own) run(command)
  const still = missing.filter(({ present }) => !present())
  if (still.length > 0)
    throw new Error(
      `still missing after the installation: ${still.map((requirement) => requirement.what).join(', ')}`,
    )
}
