import { expect, test } from 'vitest'
import { run } from '../testing/run.ts'
import { durationMs, instantMs } from './values.ts'

test.each([
  {
    args: ['replay', 'f.xes', '--tenat', 'a'],
    says: 'unknown option --tenat; did you mean --tenant?',
  },
  {
    args: ['replay', 'f.xes', '--zzzzzz'],
    says: 'unknown option --zzzzzz; see deskpulse replay --help',
  },
  { args: ['replay', 'f.xes', '--constructor'], says: 'unknown option --constructor' },
  { args: ['replay', 'f.xes', '--tenant'], says: '--tenant needs a value: --tenant T' },
  { args: ['replay', 'f.xes', '--tenant', '--url', 'x'], says: '--tenant needs a value' },
  { args: ['replay', 'f.xes', '--reverse=yes'], says: '--reverse takes no value' },
  { args: ['replay', '--tenant', 'a', '--url', 'http://x'], says: 'FILE is missing' },
  { args: ['replay', 'a.xes', 'b.xes'], says: 'unexpected argument "b.xes"' },
  {
    args: ['replay', 'a.bin', '--tenant', 'a', '--url', 'http://x'],
    says: 'a.bin: what is in it? --format ndjson or --format xes',
  },
  { args: ['replay', 'a.xes', '--tenant', 'A', '--url', 'http://x'], says: '--tenant must be' },
  {
    args: ['replay', 'a.ndjson', '--tenant', 'a', '--queue', 'q', '--url', 'http://x'],
    says: '--queue is for XES files',
  },
  {
    args: ['replay', 'a.xes', '--tenant', 'a', '--map', 'X=contact.resolve', '--url', 'http://x'],
    says: 'did you mean contact.resolved?',
  },
  {
    args: ['replay', 'a.xes', '--tenant', 'a', '--rate', '0', '--url', 'http://x'],
    says: '--rate must be a number above 0',
  },
  {
    args: ['replay', 'a.xes', '--tenant', 'a', '--batch', '1001', '--url', 'http://x'],
    says: '--batch must be a whole number from 1 to 1000',
  },
  { args: ['simulate', '--tenant', 'a'], says: 'where to?' },
  {
    args: ['simulate', '--tenant', 'a', '--url', 'http://x', '--brokers', 'x:1'],
    says: 'exclude each other',
  },
  {
    args: ['simulate', '--tenant', 'a', '--out', '-', '--speed', '2'],
    says: '--out and --speed exclude each other',
  },
  {
    args: ['simulate', '--tenant', 'a', '--brokers', 'nowhere'],
    says: '--brokers must be host:port',
  },
  { args: ['simulate', '--tenant', 'a', '--url', 'nowhere'], says: '--url must be an address' },
  {
    args: ['simulate', '--tenant', 'a', '--url', 'http://x', '--for', '5'],
    says: '--for must be a duration such as',
  },
  { args: ['replya'], says: 'unknown command replya; did you mean replay?' },
  { args: ['--versoin'], says: 'unknown option --versoin; did you mean --version?' },
])('a usage error says what to do and exits with 2: $args', async ({ args, says }) => {
  const { exitCode, err, out } = await run(args)
  expect(err).toContain(says)
  expect(err.startsWith('deskpulse: ')).toBe(true)
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
})

test('--help lists the commands, a command with --help its options, --version the version', async () => {
  expect((await run(['--help'])).out).toMatch(
    /Usage: deskpulse COMMAND[\s\S]*replay[\s\S]*simulate/,
  )
  expect((await run(['simulate', '--url', '--help'])).out).toContain('--warm-up DURATION')
  expect((await run(['replay', '-h'])).out).toContain('Usage: deskpulse replay FILE')
  expect((await run(['--version'])).out).toMatch(/^deskpulse \d+\.\d+\.\d+\n$/)
})

test('without a command the help goes to the error output and the exit code is 2', async () => {
  const { exitCode, out, err } = await run([])
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
  expect(err).toContain('Commands:')
})

test.each(['keys', 'boards', 'dead-letters', 'config'])(
  'the first word of several commands lists them: %s',
  async (word) => {
    const asked = await run([word, '--help'])
    expect(asked).toMatchObject({ exitCode: 0, err: '' })
    expect(asked.out).toContain(`Usage: deskpulse ${word} COMMAND`)
    const listed = asked.out.match(/^ {2}[a-z-]+ [a-z-]+/gm)!.map((line) => line.trim())
    expect(listed.length).toBeGreaterThan(1)
    expect(listed.filter((name) => !name.startsWith(`${word} `))).toEqual([])
    expect(await run([word])).toMatchObject({ exitCode: 2, out: '', err: asked.out })
    expect((await run([word, '--url'])).err).toContain(`unknown command ${word}`)
  },
)

test.each([
  ['250ms', 250],
  ['90s', 90_000],
  ['1.5h', 5_400_000],
  ['2d', 172_800_000],
])('the duration %s is %d ms', (text, ms) => expect(durationMs('for', text)).toBe(ms))

test('an instant needs its zone', () => {
  expect(instantMs('start', '2026-03-02T08:00:00+08:00')).toBe(Date.UTC(2026, 2, 2))
  expect(() => instantMs('start', '2026-03-02T08:00:00')).toThrow('--start must be an instant')
})
