import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startProcess } from '../support/processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'deskpulse-refused-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each(['ingest', 'aggregator', 'api', 'alerter'])(
  'a tenant without a key is refused by %s: its sentence, no stack, exit code 2',
  async (name) => {
    const file = join(folder, `${name}.yaml`)
    writeFileSync(file, 'tenants:\n  acme:\n    timeZone: Europe/Rome\n')
    const process = startProcess(`services/${name}/src/main.ts`, {
      env: { DESKPULSE_CONFIG: file },
    })
    expect(await process.ended).toEqual({ code: 2, signal: null })
    expect([process.out(), process.err()]).toEqual([
      '',
      `deskpulse ${name}: the configuration (${file}) cannot be used:\n` +
        '  tenants.acme.pseudonymise.key: expected a secret of at least 16 characters, or customersArePseudonyms: true; got missing (line 2)\n',
    ])
  },
)
