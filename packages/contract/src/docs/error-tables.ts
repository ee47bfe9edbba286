import { problemCodes } from '../errors/problems.ts'
import { foldRefusalCodes, refusalCodes } from '../errors/refusals.ts'

function rows(codes: Readonly<Record<string, string>>): string[] {
  return Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
}

function section(title: string, note: string, codes: Readonly<Record<string, string>>): string {
  return [`## ${title}`, '', note, '', '| code | meaning |', '| --- | --- |', ...rows(codes)].join(
    '\n',
  )
}

function problems(): string {
  const all = Object.entries(problemCodes).map(
    ([code, { status, title }]) => `| \`${code}\` | ${status} | ${title}. |`,
  )
  const note =
    'In `code` of an `application/problem+json` answer. 429 and 503 have `Retry-After`; sending the same again is harmless.'
  return [
    '## HTTP problems',
    '',
    note,
    '',
    '| code | status | meaning |',
    '| --- | --- | --- |',
    ...all,
  ].join('\n')
}

/** The tables of docs/errors.md that this package's codes make. */
export function errorTables(): string {
  return [
    section(
      'Refused by ingest',
      'In the `refusals` of the answer, at once, and on a [dead letter](operations.md#dead-letters), which holds the original bytes. They never reach the log.',
      refusalCodes,
    ),
    section(
      'Refused by the folds',
      'After an event was accepted: in [the list of its tenant](api.md#refusals), and on a [dead letter](operations.md#dead-letters). Both hold the canonical event, whose customer is a pseudonym, and its place in the log.',
      foldRefusalCodes,
    ),
    problems(),
  ].join('\n\n')
}
