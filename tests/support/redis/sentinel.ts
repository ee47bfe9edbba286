import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWithUs } from '../end-with-us.ts'
import { freePorts } from '../kafka/free-ports.ts'
import type { RedisTlsFiles, SecuredRedis } from './secured.ts'
import { untilAnswers } from './until-answers.ts'

/** A Redis Sentinel of one process, which decides alone: it knows clients by user and password, over TLS. */
type Sentinel = { readonly port: number; readonly tlsPort: number; stop(): Promise<void> }

export async function startSentinel(
  tls: RedisTlsFiles,
  { name, master, user }: { name: string; master: SecuredRedis; user: string },
): Promise<Sentinel> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-sentinel-'))
  const [port, tlsPort] = await freePorts(2)
  const file = join(folder, 'sentinel.conf')
  const lines = [
    `port ${port}`,
    `tls-port ${tlsPort}`,
    ...Object.entries(tls.settings).map(([key, value]) => `${key} ${value}`),
    `dir ${folder}`,
    `sentinel monitor ${name} 127.0.0.1 ${master.tlsPort} 1`,
    `sentinel down-after-milliseconds ${name} 1000`,
    `sentinel failover-timeout ${name} 5000`,
    'user default on nopass &* -@all +ping +info',
    `user ${user} &* -@all +auth +hello +client +sentinel|get-master-addr-by-name`,
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' })
  endWithUs(child)
  await untilAnswers(port, () => child.exitCode === null)
  return {
    port,
    tlsPort,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}
