import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { keyText, newKey, parseKey } from '@deskpulse/contract'
import { embeddedEventLog } from '@deskpulse/stream'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { manualClock } from '../testing/manual-clock.ts'
import { run } from '../testing/run.ts'

const nowMs = Date.parse('2026-03-02T08:00:00Z')
const by = userInfo().username

let folder: string
let dataDir: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskpulse-keys-'))
  dataDir = join(folder, 'data')
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

const words = (text: string): readonly string[] => text.split(' ')

const inDir = (command: string, ...more: readonly string[]) =>
  run([...words(command), '--data-dir', dataDir, ...more], { clock: manualClock(nowMs) })

async function created(options: string): Promise<string> {
  const { exitCode, out, err } = await inDir(`keys create ${options}`)
  expect(exitCode, err).toBe(0)
  return out.trimEnd()
}

const idIn = (key: string): string => parseKey(key)!.id

describe('keys of the embedded product that is stopped', () => {
  test('the first one is made with the folder, and is all that stands on the output', async () => {
    const { exitCode, out, err } = await inDir(
      'keys create --name root --scopes admin --installation',
    )
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: expect.stringMatching(/^dp__[0-9a-f]{12}_[0-9a-f]{64}\n$/) as string,
    })
    expect(err).toBe(
      `${dataDir} is the data directory of a new product\nkey ${idIn(out.trimEnd())} of the installation, admin, never expires: it is shown this once\n`,
    )
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
  })

  test('is kept without its secret', async () => {
    const key = await created('--name root --scopes admin --installation')
    const { out, err } = await inDir('keys list --installation')
    const { secret } = parseKey(key)!
    for (const file of readdirSync(dataDir))
      expect(readFileSync(join(dataDir, file)).includes(secret), file).toBe(false)
    expect(out + err).not.toContain(secret)
  })

  test('are listed for whom they are, the oldest first', async () => {
    const one = await created('--name connector --scopes ingest,read --tenant acme --expires 90d')
    const two = await created(
      '--name second --scopes alerts,alerts,alerts,alerts,alerts,alerts --tenant acme',
    )
    await created('--name other --scopes read --tenant other')
    await created('--name root --scopes admin --installation')
    expect(one).toMatch(/^dp_acme_/)
    expect((await inDir('keys list --tenant acme')).out.split('\n')).toEqual([
      `id            status  scopes       created                   by${' '.repeat(by.length - 2)}  expires                   last used  name`,
      `${idIn(one)}  valid   ingest,read  2026-03-02T08:00:00.000Z  ${by}  2026-05-31T08:00:00.000Z  never      connector`,
      `${idIn(two)}  valid   alerts       2026-03-02T08:00:00.000Z  ${by}  never                     never      second`,
      '',
    ])
    const { out } = await inDir('keys list --tenant acme --json')
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)[0],
    ).toEqual({
      ...{ id: idIn(one), name: 'connector', tenant: 'acme', scopes: ['ingest', 'read'] },
      ...{ createdAt: '2026-03-02T08:00:00.000Z', createdBy: by },
      ...{ expiresAt: '2026-05-31T08:00:00.000Z', lastUsedAt: null, status: 'valid' },
      ...{ revokedAt: null, revokedBy: null },
    })
  })

  test('where there are none, that is said', async () => {
    await created('--name root --scopes admin --installation')
    expect(await inDir('keys list --tenant acme')).toEqual({
      ...{ exitCode: 0, out: '', err: 'there are no keys\n' },
    })
    expect(await inDir('keys list --tenant acme --json')).toEqual({ exitCode: 0, out: '', err: '' })
  })

  test('--json gives the new one as an object', async () => {
    const { out } = await inDir('keys create --name n --scopes read --tenant acme --json')
    const { key, ...view } = JSON.parse(out) as Readonly<Record<string, unknown>>
    expect(view).toMatchObject({ id: idIn(String(key)), name: 'n', status: 'valid' })
  })

  test('are revoked for good, by the first who does', async () => {
    const id = idIn(await created('--name n --scopes read --tenant acme'))
    for (let time = 0; time < 2; time += 1)
      expect(await inDir(`keys revoke ${id} --tenant acme`)).toEqual({
        ...{ exitCode: 0, out: `key ${id} is revoked\n`, err: '' },
      })
    const { out } = await inDir('keys list --tenant acme --json')
    expect(JSON.parse(out)).toMatchObject({
      ...{ status: 'revoked', revokedAt: '2026-03-02T08:00:00.000Z', revokedBy: by },
    })
  })

  test.each([
    { whose: '--tenant other', says: 'other has no key' },
    { whose: '--installation', says: 'the installation has no key' },
  ])('are not found as those of others: $whose', async ({ whose, says }) => {
    const id = idIn(await created('--name n --scopes read --tenant acme'))
    expect(await inDir(`keys revoke ${id} ${whose}`)).toEqual({
      ...{ exitCode: 1, out: '', err: `deskpulse: ${says} ${id}\n` },
    })
    expect(JSON.parse((await inDir('keys list --tenant acme --json')).out)).toMatchObject({
      status: 'valid',
    })
  })

  test('boards are their own: keys of them are not listed, nor revoked as keys', async () => {
    const { out, err } = await inDir('boards create --name lobby --tenant acme --lang zh')
    const id = /^\/boards\/dp_acme_([0-9a-f]{12})_[0-9a-f]{64}\n$/.exec(out)?.[1] ?? 'none'
    expect(err).toContain(`board ${id} of acme, board, never expires: it is shown this once\n`)
    expect((await inDir('keys list --tenant acme --json')).out).toBe('')
    expect((await inDir(`keys revoke ${id} --tenant acme`)).exitCode).toBe(1)
    const boards = await inDir('boards list --tenant acme --json')
    expect(JSON.parse(boards.out)).toMatchObject({ id, page: '/?tenant=acme&lang=zh' })
    expect((await inDir('boards list --tenant acme')).out).toContain('lobby')
    expect((await inDir(`boards revoke ${id} --tenant acme`)).out).toBe(`board ${id} is revoked\n`)
    expect(JSON.parse((await inDir('boards list --tenant acme --json')).out)).toMatchObject({
      status: 'revoked',
    })
    const key = idIn(await created('--name n --scopes read --tenant acme'))
    expect((await inDir(`boards revoke ${key} --tenant acme`)).err).toBe(
      `deskpulse: acme has no board ${key}\n`,
    )
  })

  test('names act on no terminal', async () => {
    const { err } = await inDir('keys create --scopes read --tenant acme', '--name', 'a\u202eb')
    expect(err).toContain('it is shown this once')
    expect((await inDir('keys list --tenant acme')).out).toContain('a\\u{202e}b')
  })

  test('are out of reach while the product runs', async () => {
    await created('--name root --scopes admin --installation')
    const log = embeddedEventLog({ file: join(dataDir, 'log.sqlite') })
    onTestFinished(() => log.close())
    for (const command of ['create --name n --scopes read', 'list', 'revoke 0123456789ab'])
      expect(await inDir(`keys ${command} --tenant acme`)).toEqual({
        exitCode: 1,
        out: '',
        err: `deskpulse: ${dataDir} is in use by another process: stop the product, then do this; or ask it with --url\n`,
      })
  })

  test('a tenant that the configuration does not name has none', async () => {
    const config = join(folder, 'deskpulse.yaml')
    writeFileSync(config, '{ openTenants: false, tenants: { acme: } }')
    const env = { DESKPULSE_CONFIG: config, DESKPULSE_API_KEY: keyText(newKey(null)) }
    for (const command of ['keys create --name n --scopes read', 'boards create --name n'])
      for (const [tenant, exitCode] of [
        ['acme', 0],
        ['acmee', 1],
      ] as const) {
        const ran = await run([...words(command), '--tenant', tenant, '--data-dir', dataDir], {
          env,
        })
        expect(ran.exitCode, ran.err).toBe(exitCode)
        if (exitCode === 1) expect(ran.err).toContain('the configuration names no tenant acmee\n')
      }
  })
})

describe('what goes wrong is said in a line, and nothing is made', () => {
  const key = keyText(newKey('acme'))
  test.each([
    {
      args: 'keys create --name n --scopes read',
      says: 'whose keys? --tenant T or --install',
      code: 2,
    },
    { args: 'keys list', says: 'whose keys? --tenant T or --installation', code: 2 },
    { args: 'keys list --tenant acme --installation', says: 'whose keys?', code: 2 },
    { args: 'keys create --scopes read --tenant acme', says: '--name is missing', code: 2 },
    { args: 'keys create --name n --tenant acme', says: '--scopes must be some of board', code: 2 },
    {
      args: 'keys create --name n --scopes read,ingets --tenant acme',
      says: 'did you mean ingest?',
      code: 2,
    },
    {
      args: 'keys create --name n --scopes read --tenant acme --expires 90',
      says: '--expires must be a duration',
      code: 2,
    },
    {
      args: 'keys create --name n --scopes read --tenant acme --expires 1s',
      says: '--expires must be from 1m to 3650d, not 1s',
      code: 2,
    },
    { args: 'keys revoke abc --tenant acme', says: 'ID must be 12 hexadecimal digits', code: 2 },
    {
      args: 'keys list --tenant acme --url http://127.0.0.1:1 --config c',
      says: '--url goes without --config',
      code: 2,
    },
    {
      args: 'keys list --tenant acme --url http://127.0.0.1:1',
      says: 'no server answers at http://127.0.0.1:1/v1/tenants/acme/keys',
      code: 1,
    },
    { args: 'boards create --name n', says: '--tenant is missing', code: 2 },
    {
      args: 'boards create --name n --tenant acme --lang fr',
      says: '--lang must be en or zh',
      code: 2,
    },
  ])('$args: $says', async ({ args, says, code }) => {
    const place = args.includes('--url') ? [] : ['--data-dir', dataDir]
    const { exitCode, out, err } = await run([...words(args), ...place])
    expect({ exitCode, out }).toEqual({ exitCode: code, out: '' })
    expect(err).toContain(says)
    expect(existsSync(dataDir)).toBe(false)
  })

  test('no place, and two', async () => {
    const { err } = await run(words('keys list --installation'))
    expect(err).toContain('where? --url http://127.0.0.1:8080, --data-dir .deskpulse or --config')
    const both = await inDir('keys list --installation --url http://127.0.0.1:1')
    expect(both.err).toContain('--url goes without --data-dir')
  })

  test.each(['list', 'revoke 0123456789ab'])('%s of a folder of no product', async (command) => {
    const { exitCode, err } = await inDir(`keys ${command} --installation`)
    expect(exitCode).toBe(1)
    expect(err).toContain('log.sqlite does not exist: is')
    expect(existsSync(dataDir)).toBe(false)
  })

  test('a folder that cannot be made', async () => {
    dataDir = join(folder, 'a', 'b')
    const { exitCode, err } = await inDir('keys create --name n --scopes read --installation')
    expect(exitCode).toBe(1)
    expect(err).toContain(`${dataDir} cannot be made: ENOENT`)
  })

  test.each([key, `http://127.0.0.1:8080/boards/${key}`])(
    'a whole key in place of its id is not repeated',
    async (text) => {
      const { exitCode, err } = await inDir(`keys revoke ${text} --tenant acme`)
      expect(exitCode).toBe(2)
      expect(err).toContain('ID must be the part of 12 hexadecimal digits alone: a key is a secret')
      expect(err).not.toContain(parseKey(key)!.secret)
    },
  )

  test('a word as long as a secret in place of an id is not repeated either', async () => {
    const { err } = await inDir(`keys revoke ${parseKey(key)!.secret} --tenant acme`)
    expect(err).not.toContain(parseKey(key)!.secret)
  })
})
