import { describe, expect, test } from 'vitest'
import { forms } from './forms.ts'
import { optionsOf } from './options.ts'

const nowMs = Date.parse('2026-03-08T10:20:30Z')
const of = (...args: readonly string[]) => optionsOf(args, nowMs, 17)

test('without options: the long form on one Kafka and one Redis, from a drawn seed, with events of 4 days ago', () => {
  const startMs = Date.parse('2026-03-04T10:00:00Z')
  expect(of()).toEqual({
    form: 'one',
    seed: 17,
    kills: 300,
    events: 100_000,
    startMs,
    kinds: forms.one.usualKinds,
  })
})

test('what a run prints makes the same run again', () => {
  const printed = [
    '--form',
    'many',
    '--seed',
    '3',
    '--at',
    '2026-03-05T07:00:00Z',
    '--kills',
    '5',
    '--events',
    '60',
    '--faults',
    'kill,cut,clock',
  ]
  const startMs = Date.parse('2026-03-05T07:00:00Z')
  expect(of(...printed)).toEqual({
    form: 'many',
    seed: 3,
    kills: 5,
    events: 60,
    startMs,
    kinds: ['kill', 'cut', 'clock'],
  })
})

describe('what cannot be is refused by name:', () => {
  test.each([
    { rule: 'an unknown form', args: ['--form', 'two'], message: '--form: there is no form two' },
    {
      rule: 'a fault that the form has not',
      args: ['--form', 'embedded', '--faults', 'cut'],
      message: '--faults: embedded has no cut',
    },
    { rule: 'a count that is none', args: ['--kills', '-1'], message: '--kills' },
    {
      rule: 'an instant within an hour',
      args: ['--at', '2026-03-04T10:00:01Z'],
      message: '--at must be a whole hour',
    },
    {
      rule: 'an instant of which some is refused as too late',
      args: ['--at', '2026-02-20T10:00:00Z'],
      message: '--at must be a whole hour',
    },
    {
      rule: 'an instant of which some is to come',
      args: ['--at', '2026-03-08T10:00:00Z'],
      message: '--at must be a whole hour',
    },
  ])('$rule', ({ args, message }) => {
    expect(() => of(...args)).toThrow(message)
  })
})
