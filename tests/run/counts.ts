/** What a step of `npm test` comes to. */
export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number }

export const none: Counts = { passed: 0, failed: 0, skipped: 0 }

export function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (one, other) => ({ passed: one.passed + other.passed, failed: one.failed + other.failed, skipped: one.skipped + other.skipped }),
    none,
  )
}

export const inWords = ({ passed, failed, skipped }: Counts): string => `${passed} passed, ${failed} failed, ${skipped} skipped`

/** The part of vitest's JSON report that is counted. */
export type VitestReport = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[]
}

export type TierRun = {
  /** `null`: vitest ended without a report. */
  readonly report: VitestReport | null
  readonly exitCode: number
  /** With CI=true, a tier of which nothing could run has failed. */
  readonly strict: boolean
}

/** A file that could not be loaded, an error outside of tests and a missing report each count as one failure: vitest counts them as no test. */
export function countsOf({ report, exitCode, strict }: TierRun): Counts {
  if (report === null) return { ...none, failed: 1 }
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  ).length
  const passed = report.numPassedTests
  const skipped = report.numPendingTests + report.numTodoTests
  const failed = report.numFailedTests + unloaded
  const unexplained = failed === 0 && (exitCode !== 0 || (strict && passed === 0 && skipped > 0))
  return { passed, failed: unexplained ? 1 : failed, skipped }
}
