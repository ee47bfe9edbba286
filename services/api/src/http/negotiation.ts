import { type Problem, problemOf } from '@deskpulse/contract'
import type { Request } from './answers.ts'
import { granted, type Outcome, refused } from '../reading/tenant.ts'
import { askedType, type MediaType } from './media-type.ts'

type Query = {
  readonly format?: 'json' | 'csv'
  readonly layout?: string
  readonly bom?: boolean
  readonly limit?: number
  readonly cursor?: string
}

/** Parameters of the other type. Who gives one expects what the answer would not be: a table that is wide, a page that is short. */
const foreign = { 'application/json': ['layout', 'bom'], 'text/csv': ['limit', 'cursor'] } as const
const expected: Readonly<Record<MediaType, string>> = {
  'application/json': 'format=csv with it',
  'text/csv': 'left out: CSV has every row',
}

function misplaced(type: MediaType, query: Query): Problem | null {
  const errors = foreign[type].flatMap((path) =>
    query[path] === undefined ? [] : [{ path, expected: expected[type], got: String(query[path]) }],
  )
  return errors.length === 0 ? null : problemOf('bad-request', `not a parameter of ${type}`, errors)
}

/** JSON or CSV, by `format`, else by `Accept`; 406 where neither will do, 400 where a parameter is of the other one. */
export function negotiated({ headers }: Request, query: Query): Outcome<MediaType> {
  const type = askedType(query.format, headers.accept)
  if (type === null)
    return refused(problemOf('not-acceptable', 'there are application/json and text/csv'))
  const problem = misplaced(type, query)
  return problem === null ? granted(type) : refused(problem)
}

/** The headers of a CSV that is saved under a name made of these parts. */
export function csvHeaders(...parts: readonly string[]): Readonly<Record<string, string>> {
  const name = parts.map((part) => part.replaceAll(/[^\w.-]/g, '')).join('_')
  return {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
    vary: 'accept',
  }
}
