import type { RowSubject } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { journalKey, parseSubject, stateKey, type Subject } from '@deskpulse/core/state'
import { type Grain, ownIdKinds, type Received, type Row } from '@deskpulse/core/subjects'
import type { Tenant } from '../partition/tenant.ts'
import { AgentDayCell } from '../subjects/agent-day-cell.ts'
import { ContactCell } from '../subjects/contact-cell.ts'
import { ContractsCell } from '../subjects/contracts-cell.ts'
import { CustomerCell } from '../subjects/customer-cell.ts'
import { OwnIdCell } from '../subjects/own-id-cell.ts'

/** What a stored subject has told, as the last commit that changed it left it. */
export type StoredSubject = {
  readonly subject: RowSubject
  /** Those that count. */
  readonly rows: readonly Row[]
  /** In the order of its timeline. */
  readonly events: readonly CanonicalEvent[]
  /** `false`: it had events before these, which the log alone still has. */
  readonly hasAllEvents: boolean
}

/** What is to be read of a subject. */
export const storedKeys = (subject: Subject): readonly [state: string, journal: string] => [
  stateKey(subject),
  journalKey(subject),
]

/** By the first letter of its text, whose rows a grain is. */
const letters: Readonly<Record<Grain, string>> = {
  reply: 'c',
  pass: 'c',
  offer: 'c',
  part: 'c',
  resolution: 'c',
  reopening: 'c',
  message: 'c',
  escalation: 'c',
  contact: 'c',
  session: 'u',
  repeat: 'u',
  'customer-period': 'u',
  'contract-count': 'k',
  'contract-loss': 'o',
  'agent-time': 'a',
  staffing: 'a',
  'effective-part': 'a',
  'agent-day': 'a',
  complaint: 'o',
  review: 'o',
  'follow-up': 'o',
  incident: 'o',
  'sale-offer': 'o',
  refund: 'o',
  order: 'o',
  'bot-episode': 'c',
  'bot-contact': 'c',
  forecast: 'o',
  'shift-time': 'a',
  shift: 'a',
  attendance: 'o',
  survey: 'co',
  'quality-review': 'o',
  violation: 'o',
  assessment: 'o',
  'employee-survey': 'o',
  cost: 'o',
}

/** Whether a subject can have rows of a grain. */
export const canTell = (subject: Subject, grain: Grain): boolean =>
  letters[grain].includes(subject[0]!)

type Cell = {
  readonly told: Iterable<Row>
  readonly received: readonly Received[]
  readonly hasAllEvents: boolean
}

/** Reads a subject as the fold does, from what is stored under `storedKeys`. */
export function readSubject(
  tenant: Tenant,
  subject: Subject,
  [state, journal]: readonly [Uint8Array | null, Uint8Array | null],
): StoredSubject {
  const parsed = parseSubject(subject)
  const read = ({ told, received, hasAllEvents }: Cell, kind: string, id: string) => ({
    subject: { kind, id },
    rows: [...told],
    events: received.map(({ event }) => event),
    hasAllEvents,
  })
  switch (parsed.kind) {
    case 'contact': {
      const cell = ContactCell.load(tenant, subject, parsed.id, state, journal)
      return read(cell, 'contact', parsed.id)
    }
    case 'customer':
      return read(new CustomerCell(tenant, subject, state), 'customer', parsed.id)
    case 'contracts':
      return read(new ContractsCell(tenant, subject, state), 'contracts', parsed.tenant)
    case 'agent-day': {
      const cell = new AgentDayCell(tenant, subject, parsed.id, parsed.utcDay, state, journal)
      return read(cell, 'agent', parsed.id)
    }
    case 'own-id': {
      const kind = ownIdKinds.find(({ name }) => name === parsed.of)
      if (kind === undefined) break
      return read(new OwnIdCell(kind, tenant, subject, state, journal), parsed.of, parsed.id)
    }
    case 'agent':
    case 'sources':
    case 'dimensions':
  }
  throw new RangeError(`a subject that tells no rows: ${subject}`)
}
