import { futureMaxMs } from '@deskpulse/core/config'
import type { Subject } from '@deskpulse/core/state'
import { type Received, winsOver } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { Watched } from '../alerts/watch.ts'
import type { Outputs } from '../subjects/outputs.ts'
import type { IncomingEvent, OfTenant } from './inbox.ts'
import { Retained } from './journal.ts'
import type { Refusal, Refused } from './refusals.ts'
import type { Subjects } from './subjects.ts'
import type { PastValue, Tenant } from './tenant.ts'

/** What the entries of a record touch. */
export type Touched = {
  /** What is decided after the record's entries. */
  readonly watched: Set<Watched>
  /** Tenants whose rules changed, or the hours on which limits run. */
  readonly rules: Set<Tenant>
  /** Events that were counted until an entry took their place: refused at that entry. */
  readonly displaced: Refused[]
  /** What is told of the entry although it is counted. */
  readonly notes: Refusal[]
  readonly outputs: Outputs
}

export type Times = {
  /** The latest time that anything makes plausible of the record. */
  readonly plausibleMs: EpochMs
  /** What time it is by the clocks. */
  readonly clockMs: EpochMs
  /** Log time. */
  readonly nowMs: EpochMs
}

/** `configMs`: what time it is for a version of a configuration. */
export type EntryTimes = Times & { readonly configMs: EpochMs }

/** Takes one entry in. @returns why it is not counted, or `null`. */
export function insertEntry(
  entry: OfTenant,
  times: EntryTimes,
  subjects: Subjects,
  touched: Touched,
): Refusal | null {
  const tenant = subjects.tenant(entry.tenant)
  switch (entry.kind) {
    case 'config': {
      const outcome = tenant.propose(entry.config, times.configMs)
      if (outcome.kind === 'taken') {
        touched.watched.add(tenant.dimensions)
        touched.outputs.tellContracts(tenant, []) // Days may begin elsewhere.
        if (tenant.hasNewHours) touched.rules.add(tenant)
      }
      return outcome.kind === 'conflict'
        ? conflict('config-conflict', outcome.current, entry.config.predecessor)
        : null
    }
    case 'rules': {
      const outcome = tenant.rules.propose(entry.rules, times.nowMs)
      if (outcome.kind === 'unreadable') return { code: 'entry-unreadable', reason: outcome.reason }
      if (outcome.kind === 'taken') touched.rules.add(tenant)
      return outcome.kind === 'conflict'
        ? conflict('rules-conflict', outcome.current, entry.rules.predecessor)
        : null
    }
    case 'event':
      return insertEvent(entry, tenant, times, subjects, touched)
  }
}

function conflict(
  code: Refusal['code'],
  current: string | null,
  predecessor: string | null,
): Refusal {
  return {
    code,
    reason: `the current version is ${current ?? 'none'}, not ${predecessor ?? 'none'}`,
  }
}

function insertEvent(
  entry: IncomingEvent,
  tenant: Tenant,
  { plausibleMs, clockMs, nowMs }: Times,
  subjects: Subjects,
  touched: Touched,
): Refusal | null {
  const { event, text } = entry
  tenant.useDefault()
  if (event.timeMs > plausibleMs + futureMaxMs)
    return {
      code: 'future-time',
      reason: `time is ${event.timeMs - plausibleMs} ms ahead of the log`,
    }
  const home = subjects.homeOf(entry)
  if (home !== null) {
    const { past, isFuller } = tenant.admit(event)
    if (isFuller) touched.watched.add(tenant.dimensions)
    const outcome = insertAtHome(
      home,
      tenant,
      new Retained({ text, receivedMs: nowMs }, tenant.name, event),
      subjects,
      touched,
    )
    if (outcome !== null) return outcome === 'repeated' ? null : outcome
    for (const value of past) touched.notes.push(noteOf(value, tenant)) // They say that the event is counted.
  }
  if (tenant.sources.heard(event, clockMs, nowMs)) touched.watched.add(tenant.sources)
  return null
}

function insertAtHome(
  home: Subject,
  tenant: Tenant,
  received: Retained,
  subjects: Subjects,
  touched: Touched,
): Refusal | 'repeated' | null {
  const elsewhere = heldElsewhere(home, tenant, received, subjects)
  if (elsewhere !== null && !winsOver(received, elsewhere.held))
    return { code: 'id-conflict', reason: refusalReasons['id-conflict'] }
  const insertion = subjects.kindOf(home).timed(home).insert(received)
  switch (insertion.kind) {
    case 'repeated':
      return 'repeated'
    case 'refused':
      return { code: insertion.code, reason: refusalReasons[insertion.code] }
    case 'inserted':
      if (insertion.replaced !== null)
        touched.displaced.push(refusedBy(insertion.replaced, tenant, 'id-conflict'))
      if (elsewhere !== null) displace(elsewhere, tenant, received.receivedMs, subjects, touched)
      tenant.identities.put(received.event, home)
      touch(home, subjects, touched)
      return null
  }
}

function touch(subject: Subject, subjects: Subjects, touched: Touched): void {
  const watched = subjects.kindOf(subject).touch(subject, touched.outputs)
  if (watched !== null) touched.watched.add(watched)
}

/** An event that another subject holds under the identity of the one that comes. */
type HeldElsewhere = { readonly subject: Subject; readonly held: Received }

function heldElsewhere(
  home: Subject,
  tenant: Tenant,
  { event, receivedMs }: Received,
  subjects: Subjects,
): HeldElsewhere | null {
  const subject = tenant.identities.subjectOf(event)
  if (subject === null || subject === home) return null
  const held = subjects.kindOf(subject).timed(subject).held(event, receivedMs)
  return held === null ? null : { subject, held }
}

/** As within one subject, the smaller (time, content) stays, whichever came first: the other one is taken back, and listed. */
function displace(
  { subject, held }: HeldElsewhere,
  tenant: Tenant,
  nowMs: EpochMs,
  subjects: Subjects,
  touched: Touched,
): void {
  subjects.kindOf(subject).timed(subject).displace(held, nowMs)
  touch(subject, subjects, touched)
  touched.displaced.push(refusedBy(held, tenant, 'id-conflict'))
}

function refusedBy(
  { event, text }: Received,
  { name }: Tenant,
  code: keyof typeof refusalReasons,
): Refused {
  return { tenant: name, event, bytes: Buffer.from(text), code, reason: refusalReasons[code] }
}

/** The value comes last, as long ones are cut. */
function noteOf({ dimension, value }: PastValue, { slices }: Tenant): Refusal {
  const { valuesMax } = slices.limitOf(dimension)
  return {
    code: 'too-many-values',
    reason: `counted, but as ${dimension}=other: ${valuesMax} values came before ${value}`,
  }
}

const refusalReasons = {
  'id-conflict': 'the same source and id came with other content, which stays',
  'before-base':
    'repeated or too late: it does not sort after events beyond the reorder horizon, or it opens a contact that began beyond it',
  'timeline-full': 'the subject has too many retained events',
  expired: 'the subject is past its lifetime',
} as const
