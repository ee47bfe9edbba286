import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../testing/run.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'deskpulse-print-'))))
afterAll(() => rm(folder, { recursive: true }))

async function printed(
  text: string,
  env: Readonly<Record<string, string>> = {},
  ...more: string[]
) {
  const file = join(folder, 'deskpulse.yaml')
  await writeFile(file, text)
  return run(['config', 'print', file, ...more], { env })
}

test('the whole configuration is printed, with the environment over the file and without a secret', async () => {
  const key = join(folder, 'key')
  await writeFile(key, 'HIDDEN-HIDDEN-HIDDEN')
  const { exitCode, out, err } = await printed(
    'tenants: { acme: { timeZone: Europe/Rome } }\nredis: { password: HIDDEN, namespace: file }',
    {
      DESKPULSE_REDIS__NAMESPACE: 'environment',
      DESKPULSE_TENANTS__ACME__PSEUDONYMISE__KEY_FILE: key,
    },
  )
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
  expect(out).not.toContain('HIDDEN')
  expect(JSON.parse(out)).toMatchObject({
    tenants: {
      acme: { config: { timeZone: 'Europe/Rome' }, pseudonymise: { key: '***', previous: [] } },
    },
    redis: { password: '***', namespace: 'environment' },
    health: { lagMax: 60_000 },
  })
})

test('one that cannot be used is not printed: what is wrong is said', async () => {
  const { exitCode, out, err } = await printed('redis: HIDDEN', {}, '--embedded')
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
  expect(err).toContain('redis: expected object; got text of 6 characters')
})
