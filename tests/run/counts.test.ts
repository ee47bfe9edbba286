import { describe, expect, test } from 'vitest'
import { countsOf, inWords, sum, type TierRun, type VitestReport } from './counts.ts'

const passing: VitestReport = {
  numPassedTests: 3,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: [
    {
      name: '/repo/a.test.ts',
      status: 'passed',
      assertionResults: [{ status: 'passed', fullName: 'a holds', failureMessages: [] }],
    },
  ],
}
const failing: VitestReport['testResults'] = [
  {
    name: '/repo/b.test.ts',
    status: 'failed',
    assertionResults: [
      { status: 'passed', fullName: 'b holds', failureMessages: [] },
      { status: 'failed', fullName: 'b adds up', failureMessages: ['expected 2\nfound 3'] },
      { status: 'failed', fullName: 'b ends', failureMessages: [] },
    ],
  },
]
const skipping: VitestReport = { ...passing, numPassedTests: 0 }
const run: TierRun = { tier: 'unit', root: '/repo', report: passing, exitCode: 0, strict: true }

describe('the counts of a tier', () => {
  test.each<{ rule: string; run: TierRun; counts: string; failures?: readonly string[] }>([
    { rule: 'are those of the report', run, counts: '3 passed, 0 failed, 1 skipped' },
    {
      rule: 'name each test that failed, and what was found',
      run: { ...run, report: { ...passing, testResults: failing }, exitCode: 1 },
      counts: '3 passed, 2 failed, 1 skipped',
      failures: [
        'unit: b.test.ts: b adds up\n    expected 2\n    found 3',
        'unit: b.test.ts: b ends',
      ],
    },
    {
      rule: 'have a failure without a report',
      run: { ...run, report: null, exitCode: 9 },
      counts: '0 passed, 1 failed, 0 skipped',
      failures: ['unit: ended without a report (exit code 9)'],
    },
    {
      rule: 'have a failure for an error outside of tests',
      run: { ...run, exitCode: 1 },
      counts: '3 passed, 1 failed, 1 skipped',
      failures: ['unit: an error outside of tests (exit code 1)'],
    },
    {
      rule: 'have a failure for a file that could not be loaded',
      run: {
        ...run,
        report: {
          ...passing,
          testResults: [{ name: '/repo/c.test.ts', status: 'failed', assertionResults: [] }],
        },
        exitCode: 1,
      },
      counts: '3 passed, 1 failed, 1 skipped',
      failures: ['unit: c.test.ts: could not be loaded'],
    },
    {
      rule: 'allow a tier that skips all when not strict',
      run: { ...run, report: skipping, strict: false },
      counts: '0 passed, 0 failed, 1 skipped',
    },
    {
      rule: 'have a failure for a tier that skips all when strict',
      run: { ...run, report: skipping },
      counts: '0 passed, 1 failed, 1 skipped',
      failures: ['unit: nothing of it could run'],
    },
  ])('$rule', ({ run: tierRun, counts, failures = [] }) => {
    const found = countsOf(tierRun)
    expect(inWords(found)).toBe(counts)
    expect(found.failures).toEqual(failures)
  })

  test('have of a long finding its beginning', () => {
    const failureMessages = [`${'x'.repeat(400)}\n`.repeat(40)]
    const [name, ...lines] = countsOf({
      ...run,
      report: {
        ...passing,
        testResults: [
          {
            name: '/repo/d.test.ts',
            status: 'failed',
            assertionResults: [{ status: 'failed', fullName: 'd holds', failureMessages }],
          },
        ],
      },
    }).failures[0]!.split('\n')
    expect(name).toBe('unit: d.test.ts: d holds')
    expect(lines).toHaveLength(31)
    expect(lines[29]).toBe(`    ${'x'.repeat(300)}`)
    expect(lines[30]).toBe('    (11 more lines above)')
  })

  test('add up', () => {
    expect(inWords(sum([{ passed: 1, failures: ['x', 'y'], skipped: 3 }, countsOf(run)]))).toBe(
      '4 passed, 2 failed, 4 skipped',
    )
  })
})
