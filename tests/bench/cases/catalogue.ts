import { pointOf } from '../growth/curves.ts'
import type { OpenCase } from './case.ts'
import { openContactFold } from './contact-fold.ts'
import { openEmbeddedAggregator } from './embedded-aggregator.ts'
import { openIngestHttp, openIngestSingle, openIngestWithKey } from './ingest-http.ts'
import { openIngestParse } from './ingest-parse.ts'
import { openJsonParse } from './json-parse.ts'
import { openLogRead } from './log-read.ts'
import { openContacts } from './open-contacts.ts'
import { partitionFold } from './partition-fold.ts'

export type CaseSpec = {
  readonly title: string
  readonly part: 'core' | 'ingest' | 'embedded'
  /** The case beside which it is judged; `null`: it is a ceiling itself. */
  readonly ceiling: string | null
  readonly open: OpenCase
}

/** Everything that one process measures, in the order of the table. docs/performance.md says what each row means. */
export const cases = {
  'json-parse': { title: '`JSON.parse` alone', part: 'core', ceiling: null, open: openJsonParse },
  'contact-fold': {
    title: 'fold of contacts alone',
    part: 'core',
    ceiling: 'json-parse',
    open: openContactFold,
  },
  'fold-1000': {
    title: 'partition fold, 1,000 events a commit',
    part: 'core',
    ceiling: 'json-parse',
    open: partitionFold({ entriesPerCommit: 1_000 }),
  },
  'fold-100': {
    title: 'partition fold, 100 events a commit',
    part: 'core',
    ceiling: 'json-parse',
    open: partitionFold({ entriesPerCommit: 100 }),
  },
  'fold-34': {
    title: 'partition fold, 34 events a commit',
    part: 'core',
    ceiling: 'json-parse',
    open: partitionFold({ entriesPerCommit: 34 }),
  },
  'fold-late': {
    title: 'partition fold, back-fill, 1,000 a commit',
    part: 'core',
    ceiling: 'json-parse',
    open: partitionFold({ entriesPerCommit: 1_000, arrival: 'late' }),
  },
  'fold-open': {
    title: 'partition fold, messages of open contacts, 100 a commit',
    part: 'core',
    ceiling: 'json-parse',
    open: openContacts((events) => 5 * events),
  },
  'ingest-parse': {
    title: 'ingest: parse and encode',
    part: 'ingest',
    ceiling: 'json-parse',
    open: openIngestParse,
  },
  'ingest-http': {
    title: 'ingest: HTTP into the embedded log',
    part: 'ingest',
    ceiling: 'json-parse',
    open: openIngestHttp,
  },
  'ingest-single': {
    title: 'ingest: HTTP, one event a request',
    part: 'ingest',
    ceiling: 'json-parse',
    open: openIngestSingle,
  },
  'ingest-single-key': {
    title: 'ingest: HTTP, one event a request, with a key',
    part: 'ingest',
    ceiling: 'ingest-single',
    open: openIngestWithKey,
  },
  'log-read': {
    title: 'embedded log read alone',
    part: 'embedded',
    ceiling: null,
    open: openLogRead,
  },
  'embedded-aggregator': {
    title: 'aggregator, embedded log and store',
    part: 'embedded',
    ceiling: 'log-read',
    open: openEmbeddedAggregator,
  },
} as const satisfies Readonly<Record<string, CaseSpec>>

export type CaseName = keyof typeof cases
export const caseNames = Object.keys(cases) as CaseName[]
export const isCaseName = (name: string): name is CaseName => Object.hasOwn(cases, name)
export const specOf = (name: CaseName): CaseSpec => cases[name]

/** Of a case, or of a point of a growth curve; `null`: there is neither. */
export const openerOf = (name: string): OpenCase | null =>
  isCaseName(name) ? specOf(name).open : pointOf(name)
