/** What a step of `npm test` comes to. */
export type Counts = {
  readonly passed: number
  /** What failed, each by its name and what was found, so that the end of a long run says it. */
  readonly failures: readonly string[]
  readonly skipped: number
}

export const none: Counts = { passed: 0, failures: [], skipped: 0 }

export function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (one, other) => ({
      passed: one.passed + other.passed,
      failures: [...one.failures, ...other.failures],
      skipped: one.skipped + other.skipped,
    }),
    none,
  )
}

export const inWords = ({ passed, failures, skipped }: Counts): string =>
  `${passed} passed, ${failures.length} failed, ${skipped} skipped`

/** The part of vitest's JSON report that is counted. */
export type VitestReport = {
  readonly numPassedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly FileReport[]
}
type FileReport = {
  readonly name: string
  readonly status: string
  readonly assertionResults: readonly TestReport[]
}
type TestReport = {
  readonly status: string
  readonly fullName: string
  readonly failureMessages: readonly string[]
}

export type TierRun = {
  readonly tier: string
  /** Names of files are given from here. */
  readonly root: string
  /** `null`: vitest ended without a report. */
  readonly report: VitestReport | null
  readonly exitCode: number
  /** With CI=true, a tier of which nothing could run has failed. */
  readonly strict: boolean
}

/** A file that could not be loaded, an error outside of tests and a missing report each count as one failure: vitest counts them as no test. */
export function countsOf({ tier, root, report, exitCode, strict }: TierRun): Counts {
  if (report === null)
    return { ...none, failures: [`${tier}: ended without a report (exit code ${exitCode})`] }
  const passed = report.numPassedTests
  const skipped = report.numPendingTests + report.numTodoTests
  const failures = report.testResults
    .flatMap(failuresOf)
    .map((failure) => `${tier}: ${failure.replace(`${root}/`, '')}`)
  if (failures.length === 0 && exitCode !== 0)
    failures.push(`${tier}: an error outside of tests (exit code ${exitCode})`)
  if (failures.length === 0 && strict && passed === 0 && skipped > 0)
    failures.push(`${tier}: nothing of it could run`)
  return { passed, failures, skipped }
}

function failuresOf({ name, status, assertionResults }: FileReport): string[] {
  const failed = assertionResults
    .filter((test) => test.status === 'failed')
    .map(({ fullName, failureMessages }) =>
      [`${name}: ${fullName}`, ...linesOf(failureMessages)].join('\n    '),
    )
  return status === 'failed' && failed.length === 0 ? [`${name}: could not be loaded`] : failed
}

const shownLines = 30
const shownChars = 300

/** A property's counter-example can be thousands of characters long. */
function linesOf(messages: readonly string[]): string[] {
  const lines = messages.flatMap((message) => message.split('\n'))
  const left = lines.length - shownLines
  return [
    ...lines.slice(0, shownLines).map((line) => line.slice(0, shownChars)),
    ...(left > 0 ? [`(${left} more lines above)`] : []),
  ]
}
