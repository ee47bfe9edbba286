import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect, type ConnectionOptions } from 'node:tls'
import type { HttpConfig } from '@deskpulse/contract'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Certificate, selfSigned } from '../../../../tests/support/certificate.ts'
import { until } from '../../../../tests/support/until.ts'
import { createHealth } from '../health/health.ts'
import { createLogger } from '../logging/logger.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { localSite } from '../testing/index.ts'
import { openGuard } from './access/guard.ts'
import { deadlines } from './deadlines.ts'
import { httpServer } from './server.ts'

const folder = mkdtempSync(join(tmpdir(), 'deskpulse-certificates-'))
afterAll(() => rmSync(folder, { recursive: true }))
const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
const clients = join(folder, 'clients.pem')
const own = (name = 'own'): Certificate => selfSigned({ hosts: [name, '127.0.0.1'] })

function write({ cert, key }: Certificate): void {
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
}

/** With a route that says who asks. */
async function serverOf(http: Partial<HttpConfig>) {
  const warnings: string[] = []
  const logger = createLogger({ name: 'test', level: 'silent' })
  logger.warn = ((_detail: object, message: string) => void warnings.push(message)) as never
  const app = await httpServer({
    logger,
    metrics: createMetrics({ processMetrics: false }),
    health: createHealth(),
    api: { title: 'Test', description: 'A test.' },
    site: localSite,
    guard: openGuard,
    deadlines: { ...deadlines, lookEveryMs: 20 },
    http: { trustProxy: [], ...http },
  })
  onTestFinished(() => app.close())
  app.get('/who', { schema: { hide: true } as never }, ({ ip }) => ip)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, address, port: (app.server.address() as AddressInfo).port, warnings }
}

/** The status of `/livez`. @throws Error when there is no TLS to be had. */
async function asked(port: number, options: ConnectionOptions): Promise<number | undefined> {
  const asking = request({ host: '127.0.0.1', port, path: '/livez', agent: false, ...options })
  asking.end()
  const [response] = (await once(asking, 'response')) as [{ statusCode?: number; resume(): void }]
  response.resume()
  return response.statusCode
}

const codeOf = (asking: Promise<unknown>): Promise<unknown> =>
  asking.then(
    () => 'answered',
    (error: NodeJS.ErrnoException) => error.code,
  )

async function servedTo(port: number, ca: readonly string[]): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, ca: [...ca] })
  await once(socket, 'secureConnect')
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()
  return fingerprint256
}

const fingerprintOf = ({ cert }: Certificate): string => new X509Certificate(cert).fingerprint256

describe('a server with http.tls', () => {
  test('answers over TLS alone, and says so in its address', async () => {
    const certificate = own()
    write(certificate)
    const { address, port } = await serverOf({ tls: files })
    expect(address).toBe(`https://127.0.0.1:${port}`)
    expect(await asked(port, { ca: certificate.cert })).toBe(200)
    expect(await codeOf(asked(port, {}))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow('fetch failed')
    expect(await asked(port, { ca: certificate.cert })).toBe(200)
  })

  test('speaks no TLS older than 1.2', async () => {
    const certificate = own()
    write(certificate)
    const { port } = await serverOf({ tls: files })
    const client = { ca: certificate.cert, ciphers: 'DEFAULT:@SECLEVEL=0' } as const
    const old = { ...client, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const
    await expect(asked(port, old)).rejects.toThrow('alert protocol version')
    expect(await asked(port, { ...client, maxVersion: 'TLSv1.2' })).toBe(200)
  })

  test('with an authority for clients takes those with a certificate of it', async () => {
    const [certificate, client] = [own(), selfSigned({ hosts: ['wallboard'] })]
    write(certificate)
    writeFileSync(clients, client.cert)
    const { port } = await serverOf({ tls: { ...files, ca: clients } })
    const ca = certificate.cert
    expect(await asked(port, { ca, ...{ cert: client.cert, key: client.key } })).toBe(200)
    expect(await codeOf(asked(port, { ca }))).not.toBe('answered')
    const other = selfSigned({ hosts: ['wallboard'] })
    expect(await codeOf(asked(port, { ca, cert: other.cert, key: other.key }))).not.toBe('answered')
  })

  test('takes a renewed certificate, and keeps the one it has while files do not fit', async () => {
    const [before, after] = [own('before'), own('after')] // Of one name the client would take the one for the other.
    write(before)
    const { port, warnings } = await serverOf({ tls: files })
    const ca = [before.cert, after.cert]
    const open = connect({ host: '127.0.0.1', port, ca })
    await once(open, 'secureConnect')

    writeFileSync(files.cert, after.cert)
    await until('the files that do not fit were seen', () => warnings.length, Boolean)
    expect(await servedTo(port, ca)).toBe(fingerprintOf(before))
    writeFileSync(files.key, after.key)
    const renewed = (): Promise<string> => servedTo(port, ca)
    await until('the new one is served', renewed, (seen) => seen === fingerprintOf(after))
    expect(warnings).toHaveLength(1)

    open.write('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    expect(await text(open)).toMatch(/^HTTP\/1\.1 200/)
  })
})

describe('who asks', () => {
  const who = async (trustProxy: string[], forwarded: string): Promise<string> => {
    const { address } = await serverOf({ trustProxy })
    return (await fetch(`${address}/who`, { headers: { 'x-forwarded-for': forwarded } })).text()
  }

  test('is the other side of the connection, whatever it says', async () => {
    expect(await who([], '192.0.2.7')).toBe('127.0.0.1')
    expect(await who(['10.0.0.0/8'], '192.0.2.7')).toBe('127.0.0.1')
  })

  test('is whom a trusted proxy names: the last one that is no such proxy', async () => {
    expect(await who(['127.0.0.1'], '192.0.2.7')).toBe('192.0.2.7')
    expect(await who(['127.0.0.0/8', '10.0.0.0/8'], '198.51.100.1, 192.0.2.7, 10.1.2.3')).toBe(
      '192.0.2.7',
    )
  })
})
