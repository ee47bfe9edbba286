import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from '../testing/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'deskpulse-config-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(text: string): string {
  const file = join(folder, 'deskpulse.yaml')
  writeFileSync(file, text)
  return file
}

const good = `
tenants:
  acme: { pseudonymise: { key: a secret of the tests } }
  other: { customersArePseudonyms: true }
alerts: { endpoints: [{ name: floor, kind: slack, url: 'https://f.example' }], rules: [{ name: customer-waiting, limit: 45s }] }`

const bad = `
tenants:
  acme:
    timezone: UTC
    targets: [{ kpi: fcr_gross, min: 70 }]`

const text = (file: string): string =>
  `${file}:4: tenants.acme.timezone: expected a known key; got unknown key; did you mean timeZone?\n` +
  `${file}:5: tenants.acme.targets.0.min: expected a share from 0 to 1; got number 70; 70 % is 0.7\n` +
  `${file}:3: tenants.acme.pseudonymise.key: expected a secret of at least 16 characters, or customersArePseudonyms: true; got missing\n`

describe('deskpulse config check', () => {
  test('says what is in a file that can be used, and exits with 0', async () => {
    const file = fileOf(good)
    expect(await run(['config', 'check', file])).toEqual({
      exitCode: 0,
      out: `${file} can be used: 2 tenants, 1 endpoint, 1 alert rule\n`,
      err: '',
    })
  })

  test('says what a preset comes to, with the keys that the tenant sets itself', async () => {
    const file = fileOf(
      'tenants: { acme: { customersArePseudonyms: true, preset: jd, returnGap: 5m } }',
    )
    const { exitCode, out } = await run(['config', 'check', file])
    expect(exitCode).toBe(0)
    expect(out.split('\n').slice(1)).toEqual([
      'acme: preset jd of 2026-11-27, by sessions, over 30 days: first_answered_within_target_of_due',
      expect.stringContaining('  limits: {"voice":'),
      '  responseWindow: {"fromMinute":540,"toMinute":1380}',
      '  targets: [{"kpi":"first_answered_within_target_of_due","slice":"class=live","min":0.8}]',
      '  outsideHours: {"live":"exclude","deferred":"count"}',
      '  returnGapMs: 300000',
      '',
    ])
  })

  test('lists all that is wrong by path and line, and exits with 1', async () => {
    const file = fileOf(bad)
    const { exitCode, out, err } = await run(['config', 'check', file])
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: `deskpulse: ${file} cannot be used: 3 errors\n`,
    })
    expect(out.split('\n').sort()).toEqual(text(file).split('\n').sort())
  })

  test('with --json says the same to programs', async () => {
    const refused = await run(['config', 'check', fileOf(bad), '--json'])
    expect(refused).toMatchObject({ exitCode: 1, err: '' })
    expect(JSON.parse(refused.out)).toMatchObject({
      ok: false,
      errors: expect.arrayContaining([
        {
          path: 'tenants.acme.targets.0.min',
          line: 5,
          expected: 'a share from 0 to 1',
          got: 'number 70',
          hint: '70 % is 0.7',
        },
      ]) as unknown,
    })
    expect(await run(['config', 'check', fileOf(good), '--json'])).toEqual({
      exitCode: 0,
      out: '{"ok":true,"errors":[]}\n',
      err: '',
    })
  })

  test('with --embedded checks as npm start does: keys are made, the simulated tenant is there', async () => {
    const file = fileOf(
      "tenants: { acme: }\nalerts: { endpoints: [{ name: floor, kind: slack, url: 'https://f.example', tenants: [acme, demo] }] }",
    )
    expect(await run(['config', 'check', file, '--embedded'])).toMatchObject({ exitCode: 0 })
    expect(await run(['config', 'check', file])).toMatchObject({ exitCode: 1 })
  })

  test('takes the environment over the file, as the services do', async () => {
    const file = fileOf('tenants:\n  acme:\n')
    const env = { DESKPULSE_TENANTS__ACME__PSEUDONYMISE__KEY: 'a secret of the tests' }
    expect(await run(['config', 'check', file], { env })).toMatchObject({ exitCode: 0 })
    const wrong = await run(['config', 'check', file], {
      env: { ...env, DESKPULSE_HTTP__PORT: 'x', DESKPULSE_HTTP__PROT: '1' },
    })
    expect(wrong.out).toBe(
      `${file}: DESKPULSE_HTTP__PROT: expected a variable of a known key; got PROT; did you mean DESKPULSE_HTTP__PORT?\n` +
        `${file}: http.port (DESKPULSE_HTTP__PORT): expected number; got "x"\n`,
    )
  })

  test('names a file that cannot be read', async () => {
    const file = join(folder, 'missing.yaml')
    expect(await run(['config', 'check', file])).toMatchObject({
      exitCode: 1,
      out: `${file}: (file): expected a file that can be read; got ENOENT\n`,
    })
  })
})

describe('a command of two words', () => {
  test.each([
    { args: ['config'], says: 'Usage: deskpulse config COMMAND' },
    {
      args: ['config', 'chek', 'f'],
      says: 'unknown command config chek; did you mean config check?',
    },
    { args: ['config', '--json'], says: 'unknown command config; did you mean config check?' },
    { args: ['config', 'check'], says: 'FILE is missing; usage: deskpulse config check FILE' },
    { args: ['config', 'check', 'f', '--jsn'], says: 'unknown option --jsn; did you mean --json?' },
    { args: ['config', 'check', 'f', '--zzzzzz'], says: 'see deskpulse config check --help' },
  ])('$args: $says', async ({ args, says }) => {
    expect(await run(args)).toMatchObject({
      exitCode: 2,
      out: '',
      err: expect.stringContaining(says) as string,
    })
  })

  test('has its help', async () => {
    expect((await run(['config', 'check', '--help'])).out).toContain(
      'Usage: deskpulse config check FILE',
    )
    expect((await run(['--help'])).out).toContain('config check')
  })
})
