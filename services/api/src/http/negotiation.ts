import { type Problem, problemOf } from '@deskpulse/contract'
import type { Request } from './answers.ts'
import { granted, type Outcome, refused } from '../reading/tenant.ts'
import { askedType, type Format, type MediaType } from './media-type.ts'

type Query = {
  readonly format?: Format | undefined
  readonly layout?: string
  readonly bom?: boolean | undefined
  readonly limit?: number
  readonly cursor?: string
}

const needsCsv = { paths: ['layout', 'bom'], expected: 'format=csv with it' } as const

/** Parameters of another type. Who gives one expects what the answer would not be: a table that is wide, a page that is short. */
const foreign = {
  'application/json': needsCsv,
  'text/csv': { paths: ['limit', 'cursor'], expected: 'left out: CSV has every row' },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': needsCsv,
} as const satisfies Readonly<Record<MediaType, object>>

function misplaced(type: MediaType, query: Query): Problem | null {
  const { paths, expected } = foreign[type]
  const errors = paths.flatMap((path) =>
    query[path] === undefined ? [] : [{ path, expected, got: String(query[path]) }],
  )
  return errors.length === 0 ? null : problemOf('bad-request', `not a parameter of ${type}`, errors)
}

/** One of what is offered, by `format`, else by `Accept`; 406 where none will do, 400 where a parameter is of another one. */
export function negotiated<Offered extends MediaType>(
  { headers }: Request,
  query: Query,
  offered: readonly [Offered, ...Offered[]],
): Outcome<Offered> {
  const type = askedType(query.format, headers.accept, offered)
  if (type === null)
    return refused(problemOf('not-acceptable', `there are ${offered.join(' and ')}`))
  const problem = misplaced(type, query)
  return problem === null ? granted(type) : refused(problem)
}

/** The headers of a table that is saved under a name made of these parts. */
function savedHeaders(
  type: string,
  extension: Format,
  parts: readonly string[],
): Readonly<Record<string, string>> {
  const name = parts.map((part) => part.replaceAll(/[^\w.-]/g, '')).join('_')
  return {
    'content-type': type,
    'content-disposition': `attachment; filename="${name}.${extension}"`,
    vary: 'accept',
  }
}

export const csvHeaders = (...parts: readonly string[]) =>
  savedHeaders('text/csv; charset=utf-8', 'csv', parts)
export const xlsxHeaders = (...parts: readonly string[]) =>
  savedHeaders('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx', parts)
