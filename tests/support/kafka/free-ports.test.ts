import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts } from './free-ports.ts'

test('free ports are different ones, can be listened on, and are none that a server gets which asks for any', async () => {
  const ports = await freePorts(20)
  expect(new Set(ports).size).toBe(20)
  const any = createServer().listen(0, '127.0.0.1')
  const servers = [any, ...ports.map((port) => createServer().listen(port, '127.0.0.1'))]
  await Promise.all(servers.map((server) => once(server, 'listening')))
  expect((any.address() as AddressInfo).port).toBeGreaterThan(Math.max(...ports))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
})
