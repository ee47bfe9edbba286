import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Whether a server that listens at `host` is reached from its own machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1')
  const version = isIP(name)
  return version === 0
    ? name.toLowerCase() === 'localhost'
    : loopback.check(name, version === 6 ? 'ipv6' : 'ipv4')
}
