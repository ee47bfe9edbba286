import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { expect, test } from 'vitest'
import { selfSigned } from '../../../tests/support/certificate.ts'
import { workbench } from './testing/product.ts'

const canary = 'CANARY-of-a-secret'

test('the embedded product speaks https where it is told to, says so, and tells no secret to anybody', async () => {
  await using bench = workbench()
  const certificate = selfSigned({ hosts: ['deskpulse', '127.0.0.1'] })
  setDefaultCACertificates([...getCACertificates('default'), certificate.cert])
  const write = (name: string, text: string): string => {
    const file = join(bench.dataDir, name)
    writeFileSync(file, text)
    return file
  }
  const endpoint = { kind: 'webhook', url: `https://floor.invalid/${canary}` }
  const secret = `whsec_${Buffer.from(canary.repeat(2)).toString('base64')}`
  const tls = { ca: certificate.cert, ...certificate }
  const sasl = { mechanism: 'plain', username: 'deskpulse', password: canary }
  const config = {
    http: {
      tls: { cert: write('own.pem', certificate.cert), key: write('own.key', certificate.key) },
    },
    kafka: { ssl: tls, sasl },
    redis: { url: `redis://u:${canary}@nowhere.invalid`, password: canary, tls },
    tenants: { acme: { pseudonymise: { key: canary } } },
    alerts: { endpoints: [{ name: 'floor', ...endpoint, secret, token: canary, tls }] },
    log: { level: 'trace' },
  }
  const file = write('deskpulse.yaml', JSON.stringify(config))
  const product = bench.start('--no-simulator', '--config', file)
  const address = await product.ready()
  expect(address).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/)
  expect((await fetch(`${address}readyz`)).status).toBe(200)
  await expect(fetch(address.replace('https', 'http'))).rejects.toThrow('fetch failed')

  const told = await fetch(`${address}v1/alert-endpoints/floor/test`, { method: 'POST' })
  const document = (await (await fetch(`${address}openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, object>>
  }
  const answers = [await told.text(), JSON.stringify(document)]
  for (const [path, item] of Object.entries(document.paths).filter(([, one]) => 'get' in one)) {
    const named = path
      .slice(1)
      .replace('{tenant}', 'acme')
      .replaceAll(/\{[^}]+\}/g, 'floor')
    const answer = await fetch(`${address}${named}`, { signal: AbortSignal.timeout(5_000) })
    answers.push(`${Object.keys(item).join(' ')} ${named} ${await answer.text()}`)
  }
  expect(answers.length).toBeGreaterThan(20)
  expect(answers.join('\n')).toContain('floor')

  const { code, out, err } = await product.kill('SIGTERM')
  const open = 'Deskpulse is open: whoever reaches it may read and change everything.'
  expect({ code, out }).toEqual({ code: 0, out: `${open}\nDeskpulse is ready: ${address}\n` })
  for (const text of [...answers, err])
    for (const hidden of [canary, secret, 'PRIVATE KEY']) expect(text).not.toContain(hidden)
})
