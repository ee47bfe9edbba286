import type { TenantConfig } from '@deskpulse/core/config'
import type { KpiValue } from '@deskpulse/core/kpis'
import {
  configKey,
  hashOf,
  logClockKey,
  type OpenAnswer,
  slicesKey,
  subjectDaysKey,
} from '@deskpulse/core/state'
import { subjectDaysIn, Tenant } from '@deskpulse/engine'
import type { HashQuery, HashResult, ReadQuery, Snapshot } from '@deskpulse/stream'
import { isOfAgents } from '../questions/slices.ts'
import { type Enter, sameLists } from '../reading/question.ts'
import { granted, type Outcome, type TenantBasis, tenantQuestion } from '../reading/tenant.ts'
import type { PageStart } from './cursor.ts'
import type { Listing } from './listing.ts'
import { openAnswers } from './open-answers.ts'
import type { Explained, ExplainRequest } from './request.ts'

export type ExplainSource = {
  readonly tenant: string
  readonly configured: TenantConfig | undefined
  /** Of the tenant's partition, past what is held of it: states and journals are not told of when they change. */
  read(query: ReadQuery): Promise<Snapshot>
  readonly enter: Enter
}

export type ExplainPage = {
  readonly from: PageStart
  readonly limit: number
  readonly withEvents: boolean
}

/** A page of the rows behind a value. */
export type ExplainedPage = {
  readonly source: 'state' | 'log'
  readonly basis: TenantBasis
  readonly explained: Explained
  readonly value: KpiValue
  readonly listing: Listing
  /** What is wrong with the clocks in the log. */
  readonly clock: Uint8Array | null
  /** The moment that all of it is of. */
  readonly snapshot: Snapshot
}

type Values = readonly (Uint8Array | null)[]

/** What the tenant is, as it is read before anything else. */
export type Basis = {
  readonly keys: readonly string[]
  /** The rosters, where they are a part of it: the first hash of a read that asks for it. */
  readonly hashes: readonly HashQuery[]
  /** The same where nothing of it has changed. */
  isSame(snapshot: Snapshot, values: Values, known: Snapshot): boolean
  /** @param values of the keys. */
  read(snapshot: Snapshot, values?: Values): Outcome<TenantBasis>
  clockIn(values: Values): Uint8Array | null
  /** Of how many pieces the lists of days are. */
  daysIn(values: Values): ReadonlyMap<number, number>
  /** As folds see it. */
  tenantIn(values: Values): Tenant
}

export function basisFor(
  { tenant, configured }: ExplainSource,
  { slice }: Pick<ExplainRequest, 'slice'>,
): Basis {
  const question = tenantQuestion(
    tenant,
    configured,
    (found) => ({ kind: 'settled', result: granted(found) }),
    { rosters: isOfAgents([slice]) },
  )
  const keys = [...question.basis.keys, logClockKey, subjectDaysKey(tenant)]
  const hashes = [...new Set(question.basis.open.map(hashOf))].map((key) => ({ key, fields: null }))
  const openIn = ({ hashes: read, logTimeMs }: Snapshot): readonly OpenAnswer[] => {
    if (hashes.length === 0) return []
    const answer = openAnswers(hashes, read.slice(0, hashes.length).map(rostersIn), logTimeMs)
    return question.basis.open.map(answer)
  }
  const stored = (values: Values, key: string): Uint8Array | null =>
    values[keys.indexOf(key)] ?? null
  return {
    keys,
    hashes,
    isSame: (snapshot, values, known) =>
      sameBytes(values, known.values) &&
      sameLists(openIn(snapshot)[0]?.rosters, openIn(known)[0]?.rosters),
    read(snapshot, values = snapshot.values) {
      const open = openIn(snapshot)
      const step = question.plan({ ...snapshot, values: values.slice(0, -2), open })
      if (step.kind !== 'settled') throw new Error('a basis is settled without a read')
      return step.result
    },
    clockIn: (values) => stored(values, logClockKey),
    daysIn: (values) => subjectDaysIn(stored(values, subjectDaysKey(tenant))),
    tenantIn: (values) =>
      new Tenant(tenant, [stored(values, configKey(tenant)), stored(values, slicesKey(tenant))]),
  }
}

/** Of all that goes on, rosters alone. */
function rostersIn({ isWhole, fields }: HashResult): HashResult {
  const rosters = [...fields].filter(([field]) => field.startsWith('r'))
  return { isWhole, fields: new Map(rosters) }
}

const sameBytes = (a: Values, b: Values): boolean =>
  a.every((bytes, place) => {
    const other = b[place] ?? null
    return bytes === null || other === null ? bytes === other : Buffer.compare(bytes, other) === 0
  })
