import { expect, test } from 'vitest'
import { createProgress } from './progress.ts'

/** What is written for a share that is done after so many seconds, with 1,000 events a second. */
function lineAt(share: number, seconds: number, estimates: boolean): string {
  let [text, nowMs] = ['', 0]
  const terminal = { out: () => {}, err: (more: string) => void (text += more), interactive: false }
  const progress = createProgress(
    terminal,
    1,
    { nowMs: () => nowMs, sleep: () => Promise.resolve() },
    { estimates },
  )
  nowMs = seconds * 1_000
  progress.update(share, seconds * 1_000)
  return text
}

test.each([
  {
    share: 0.25,
    seconds: 10,
    line: '25 % | 10000 events | 1000/s | about 30 s left\n',
    rule: 'what is left goes by what is done',
  },
  {
    share: 0.1,
    seconds: 60,
    line: '10 % | 60000 events | 1000/s | about 9 min left\n',
    rule: 'long times are minutes',
  },
  {
    share: 0.005,
    seconds: 5,
    line: '0 % | 5000 events | 1000/s\n',
    rule: 'at the beginning nobody guesses',
  },
  { share: 1, seconds: 5, line: '100 % | 5000 events | 1000/s\n', rule: 'nothing is left' },
  { share: 0.5, seconds: 4, line: '', rule: 'a line every five seconds' },
])('$rule', ({ share, seconds, line }) => {
  expect(lineAt(share, seconds, true)).toBe(line)
})

test('estimates are told where they are asked for', () => {
  expect(lineAt(0.25, 10, false)).toBe('25 % | 10000 events\n')
})
