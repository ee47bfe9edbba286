import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './dependencies.js'
import { findCommand } from './requirements.js'
import { isUbuntu } from './system.js'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * A Chromium for the browser tests. Ubuntu's package is a snap, which containers cannot run: there Playwright's own build is fetched.
 * Called after the dependencies are there, since Playwright says where its build would be.
 * @returns {Promise<import('./requirements.js').Requirement>}
 */
export async function chromiumRequirement() {
  const { chromium } = await import('playwright-core')
  const given = process.env.DESKPULSE_TEST_CHROMIUM
  return {
    what: 'Chromium',
    present: () =>
      given !== undefined ||
      commands.some((name) => findCommand(name) !== null) ||
      existsSync(chromium.executablePath()),
    packages: ['chromium'],
    ...(isUbuntu()
      ? {
          command: [
            process.execPath,
            join(root, 'node_modules/playwright-core/cli.js'),
            'install',
            '--with-deps',
            'chromium',
          ],
        }
      : {}),
  }
}
