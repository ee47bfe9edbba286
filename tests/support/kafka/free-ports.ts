import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below the ports that systems give to connections and to servers that ask for any, and mostly others than another process of tests draws from: a server
 * that is down for a while finds its own port free when it comes back. So are the ports 10,000 above, on which nodes of a Redis Cluster talk.
 */
const ports = 150
const firstPort = 7_000 + ports * (process.pid % 100)

/** Ports of 127.0.0.1 that nothing listens on, all different. */
export async function freePorts<Count extends number>(
  count: Count,
): Promise<Count extends 2 ? [number, number] : number[]>
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  while (found.size < count) {
    const port = firstPort + randomInt(ports)
    if (!found.has(port) && (await isFree(port))) found.add(port)
  }
  return [...found]
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
