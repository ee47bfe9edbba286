import { DeskpulseError } from '@deskpulse/stream'
import { answered } from './errors.ts'
import type { Connection } from './connection.ts'
import { writersOf } from './connection.ts'

const versionMin = 7

/** @throws DeskpulseError STORE_SETTINGS when a node is too old, or may evict what nobody but a rebuild could bring back. */
export async function checkSettings(connection: Connection): Promise<void> {
  for (const node of writersOf(connection)) {
    const info = await answered(
      'asking Redis for its settings',
      Promise.all([node.info('server'), node.info('memory')]),
    )
    const { host, port, name: master } = node.options
    const name = `Redis ${typeof master === 'string' ? master : `at ${host}:${port}`}`
    const version = field(info, 'redis_version')
    if (Number.parseInt(version, 10) < versionMin) {
      throw new DeskpulseError(
        'STORE_SETTINGS',
        `${name} has version ${version}; ${versionMin} or newer is needed`,
      )
    }
    const policy = field(info, 'maxmemory_policy')
    if (policy !== 'noeviction') {
      throw new DeskpulseError(
        'STORE_SETTINGS',
        `${name} has maxmemory-policy ${policy}; it must be noeviction, or state would vanish unseen`,
      )
    }
  }
}

function field(info: readonly string[], name: string): string {
  for (const section of info) {
    const value = new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(section)?.[1]
    if (value !== undefined) return value
  }
  return 'unknown'
}
