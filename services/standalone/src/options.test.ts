import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

test('without options everything has its default', () => {
  expect(parseOptions([])).toEqual({
    kind: 'run',
    options: {
      host: null,
      port: null,
      dataDir: '.deskpulse',
      configFile: null,
      simulator: true,
      newCustomersKey: false,
      rotateCustomersKeyMs: null,
    },
  })
})

test('every option is taken, also with =', () => {
  expect(
    parseOptions([
      '--port=0',
      '--host',
      '0.0.0.0',
      '--data-dir',
      'd',
      '--config=c.yaml',
      '--no-simulator',
      '--rotate-customers-key=2028-02-29T00:00:00Z',
    ]),
  ).toEqual({
    kind: 'run',
    options: {
      host: '0.0.0.0',
      port: 0,
      dataDir: 'd',
      configFile: 'c.yaml',
      simulator: false,
      newCustomersKey: false,
      rotateCustomersKeyMs: Date.UTC(2028, 1, 29),
    },
  })
})

test('a key that is lost is given up', () => {
  expect(parseOptions(['--new-customers-key'])).toMatchObject({
    options: { newCustomersKey: true, rotateCustomersKeyMs: null },
  })
})

test('help comes before anything else', () => {
  expect(parseOptions(['--port', 'x', '--help'])).toEqual({ kind: 'help' })
})

test.each([
  { rule: 'an unknown option', args: ['--prot', '1'], names: '--prot' },
  { rule: 'a port that is no number', args: ['--port', '80a'], names: '--port' },
  { rule: 'a port that does not exist', args: ['--port', '65536'], names: '65535' },
  { rule: 'an option without its value', args: ['--config'], names: '--config' },
  { rule: 'an empty folder', args: ['--data-dir', ''], names: '--data-dir' },
  ...['2026-02-30T00:00:00Z', '2026-03-01T24:00:00Z', '2026-03-01T00:00:00.5Z'].map((instant) => ({
    ...{ rule: `an instant that does not exist, ${instant},`, names: '--rotate-customers-key' },
    args: ['--rotate-customers-key', instant],
  })),
  {
    rule: 'to rotate what is lost',
    args: ['--new-customers-key', '--rotate-customers-key', '2026-03-01T00:00:00Z'],
    names: '--new-customers-key',
  },
  { rule: 'a word too many', args: ['start'], names: 'start' },
])('$rule is refused by name', ({ args, names }) => {
  const parsed = parseOptions(args)
  expect(parsed).toMatchObject({ kind: 'bad' })
  expect(parsed.kind === 'bad' && parsed.message).toContain(names)
})
