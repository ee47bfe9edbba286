import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The repository's root. */
export const root = resolve(import.meta.dirname, '../../..')

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }} Locked
 * @param {string} file from the root.
 * @returns {Record<string, Locked> | null} `null` when there is no such file.
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages
  } catch {
    return null
  }
}

/** npm keeps what it has installed in a lock file of its own, written last: the two are compared, so that an interrupted installation is seen. */
export function isInstalled(folder = '.') {
  const wanted = lockedPackages(`${folder}/package-lock.json`)
  const installed = lockedPackages(`${folder}/node_modules/.package-lock.json`)
  if (wanted === null || installed === null) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.optional || entry.devOptional) return true
    return installed[path]?.version === entry.version && installed[path]?.link === entry.link
  })
}

/** `npm ci` in a folder of the repository, by the npm that runs this script, when its node_modules is not what its package-lock.json says. */
export function ensureDependencies(folder = '.') {
  if (isInstalled(folder)) return
  console.error(`deskpulse set-up: npm ci${folder === '.' ? '' : ` in ${folder}`}`)
  const npm = process.env.npm_execpath
  const [program, ...before] = npm ? [process.execPath, npm] : ['npm']
  const args = [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error']
  execFileSync(program ?? 'npm', args, {
    cwd: join(root, folder),
    stdio: ['ignore', 2, 2],
    env: { ...process.env, npm_config_include: 'dev' },
  })
}

/** Everything else runs on the Node that the lock file names, which the `node` package's install script fetches. */
export function ensureNodeRuns() {
  const node = join(root, 'node_modules/.bin/node')
  const { status, stderr, error } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  if (status === 0) return
  const reason = error ? error.message : stderr.trim()
  throw new Error(
    `${node} does not run (${reason}). Are install scripts switched off? \`npm config get ignore-scripts\`, then \`npm rebuild node\``,
  )
}
