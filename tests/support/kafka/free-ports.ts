import { once } from 'node:events'
import { createServer } from 'node:net'

/** Ports of 127.0.0.1 that nothing listens on, all different. */
export async function freePorts<Count extends number>(count: Count): Promise<Count extends 2 ? [number, number] : number[]>
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
    return address.port
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
