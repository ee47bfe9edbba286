// What `npm start` and `npm test` do first, from a fresh clone: the system packages that are missing, then `npm ci`; `peers`: what only the bench's peers need.
// Plain JavaScript without dependencies: it runs on the machine's own Node (20 or later), before anything is installed.
import { chromiumRequirement } from './browser.js'
import { ensureDependencies, ensureNodeRuns } from './dependencies.js'
import { forPeers, forStart, forTests } from './requirements.js'
import { ensureSystem } from './system.js'

const [purpose] = process.argv.slice(2)

try {
  if (purpose !== 'start' && purpose !== 'test' && purpose !== 'peers')
    throw new Error(`usage: main.js start|test|peers, not ${String(purpose)}`)
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new Error(`Node 20 or later is needed to set up; this is ${process.version}`)
  if (purpose === 'peers') {
    ensureSystem(forPeers)
    ensureDependencies('tests/bench/peers')
  } else {
    ensureSystem(purpose === 'test' ? [...forStart, ...forTests()] : forStart)
    ensureDependencies()
    ensureNodeRuns()
    if (purpose === 'test') ensureSystem([await chromiumRequirement()])
  }
} catch (error) {
  console.error(`deskpulse set-up: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
