import { describe, expect, test } from 'vitest'
import { countsOf, inWords, sum, type VitestReport } from './counts.ts'

const passing: VitestReport = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
}

describe('the counts of a tier', () => {
  test.each([
    { rule: 'are those of the report', run: { report: passing, exitCode: 0, strict: true }, counts: '3 passed, 0 failed, 1 skipped' },
    { rule: 'have a failure without a report', run: { report: null, exitCode: 0, strict: false }, counts: '0 passed, 1 failed, 0 skipped' },
    {
      rule: 'have a failure for an error outside of tests',
      run: { report: passing, exitCode: 1, strict: false },
      counts: '3 passed, 1 failed, 1 skipped',
    },
    {
      rule: 'have a failure for a file that could not be loaded',
      run: { report: { ...passing, testResults: [{ status: 'failed', assertionResults: [] }] }, exitCode: 1, strict: false },
      counts: '3 passed, 1 failed, 1 skipped',
    },
    {
      rule: 'allow a tier that skips all when not strict',
      run: { report: { ...passing, numPassedTests: 0 }, exitCode: 0, strict: false },
      counts: '0 passed, 0 failed, 1 skipped',
    },
    {
      rule: 'have a failure for a tier that skips all when strict',
      run: { report: { ...passing, numPassedTests: 0 }, exitCode: 0, strict: true },
      counts: '0 passed, 1 failed, 1 skipped',
    },
  ])('$rule', ({ run, counts }) => {
    expect(inWords(countsOf(run))).toBe(counts)
  })

  test('add up', () => {
    expect(inWords(sum([{ passed: 1, failed: 2, skipped: 3 }, countsOf({ report: passing, exitCode: 0, strict: true })]))).toBe(
      '4 passed, 2 failed, 4 skipped',
    )
  })
})
