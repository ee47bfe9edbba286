import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Certificate, selfSigned } from '../certificate.ts'
import { freePorts } from '../kafka/free-ports.ts'
import type { OwnRedis, RedisSettings } from '../redis.ts'
import { processRedis } from './process.ts'

/** What TLS needs on both sides, in files. */
export type RedisTlsFiles = {
  /** Of the servers: what a client must trust. */
  readonly ca: string
  readonly client: Certificate
  readonly settings: RedisSettings
  remove(): Promise<void>
}

/** One certificate for all servers of a test, and one for a client, which they ask for. */
export async function redisTlsFiles(): Promise<RedisTlsFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-redis-tls-'))
  const server = selfSigned({ hosts: ['redis.test', '127.0.0.1'] })
  const client = selfSigned({ hosts: ['deskpulse'] })
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  return {
    ca: server.cert,
    client,
    settings: {
      'tls-cert-file': await write('server.pem', server.cert),
      'tls-key-file': await write('server.key', server.key),
      'tls-ca-cert-file': await write('all.pem', `${server.cert}${client.cert}`),
      'tls-replication': 'yes',
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

export type SecuredRedis = OwnRedis & { readonly tlsPort: number }

/**
 * A Redis with TLS beside its plain port, on which tests look after it.
 * @param users further ones than `default`, as an ACL file has them: `deskpulse on >password …`.
 */
export async function securedRedis(
  tls: RedisTlsFiles,
  users: readonly string[] = [],
  settings: RedisSettings = {},
): Promise<SecuredRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-redis-acl-'))
  const [tlsPort = 0] = await freePorts(1)
  const aclfile = join(folder, 'users.acl')
  const all = ['default on nopass ~* &* +@all', ...users]
  await writeFile(aclfile, all.map((user) => `user ${user}\n`).join(''))
  const redis = await processRedis({
    'maxmemory-policy': 'noeviction',
    save: '',
    appendonly: 'no',
    ...tls.settings,
    'tls-port': `${tlsPort}`,
    aclfile,
    ...settings,
  })
  return {
    ...redis,
    tlsPort,
    async stop() {
      await redis.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
