import type { Measure } from '../measures/measure.ts'
import type { ContactRow, Elapsed, FirstContact, Moment, Passed } from '../subjects/row.ts'
import { count, duration, family, making, maturing, on, type Sink, withShifts } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

const firstContact = (row: ContactRow): FirstContact | null => row.resolved?.firstContact ?? null
const solved = (row: ContactRow): FirstContact | null =>
  firstContact(row)?.isSolved === true ? firstContact(row) : null
const mature = <At extends { readonly isMature: boolean }>(at: At | null): At | null =>
  at?.isMature === true ? at : null

/** What it takes within the authority of who handles it: there, a contact that was closed without a resolution was not solved. */
const netContact = (row: ContactRow) =>
  row.isInAuthority ? (firstContact(row) ?? row.closedUnresolved) : null

/** A time of a contact: the instant at which it counts, and how long it is on the clock of the class and on the other one. */
type Timing = {
  readonly at: (row: ContactRow) => Moment | null
  readonly ms: (row: ContactRow) => number
  readonly otherMs: (row: ContactRow) => number
}
type At = Timing['at']

const passed = (at: At, of: (row: ContactRow) => Passed): Timing => ({
  at,
  ms: (row) => of(row).afterMs,
  otherMs: (row) => of(row).otherAfterMs,
})
const active = (at: At, of: (row: ContactRow) => Elapsed): Timing => ({
  at,
  ms: (row) => of(row).activeMs,
  otherMs: (row) => of(row).otherActiveMs,
})

const resolved: At = (row) => row.resolved
const resolvedFromStart: At = ({ resolved: first }) =>
  (first?.fromStart ?? null) === null ? null : first
const lastResolved: At = (row) => row.lastResolved

const timings = {
  timeToStart: passed(
    (row) => row.started,
    (row) => row.started!,
  ),
  resolutionTimeFromRequest: passed(resolved, (row) => row.resolved!),
  resolutionTimeFromRequestActive: active(resolved, (row) => row.resolved!),
  resolutionTimeFromStart: passed(resolvedFromStart, (row) => row.resolved!.fromStart!),
  resolutionTimeFromStartActive: active(resolvedFromStart, (row) => row.resolved!.fromStart!),
  resolutionTimeToLast: passed(lastResolved, (row) => row.lastResolved!),
  resolutionTimeToLastActive: active(lastResolved, (row) => row.lastResolved!),
} as const

/** A duration of contacts, on the clock of the class. */
const timed = (field: number, { at, ms }: Timing) =>
  withShifts(duration(field, on('contact', { at, value: ms })), {
    calendar: 100 + 2 * field,
    business: 101 + 2 * field,
  })

/** Resolutions: how long they took, and whether they held. */
export const resolutions = family(
  'resolutions',
  4,
  {
    timeToStart: timed(10, timings.timeToStart),
    resolutionTimeFromRequest: timed(1, timings.resolutionTimeFromRequest),
    resolutionTimeFromRequestActive: timed(11, timings.resolutionTimeFromRequestActive),
    resolutionTimeFromStart: timed(12, timings.resolutionTimeFromStart),
    resolutionTimeFromStartActive: timed(13, timings.resolutionTimeFromStartActive),
    resolutionTimeToLast: timed(14, timings.resolutionTimeToLast),
    resolutionTimeToLastActive: timed(15, timings.resolutionTimeToLastActive),
    /** Those that were to be resolved, at min(resolution, limit). */
    resolutionDue: count(8, on('contact', { at: (row) => row.resolutionDue })),
    resolutionDueWithin: count(
      9,
      on('contact', { at: ({ resolutionDue: due }) => (due?.isWithin === true ? due : null) }),
    ),
    /** Of contacts opened (`contactOpened`). */
    openedResolvedInTime: count(
      16,
      on('contact', {
        at: ({ opened }) => (opened?.isResolvedInTime === true ? opened : null),
        scope: 'wide',
      }),
    ),
    openedRepeat: count(17, on('repeat', { at: (row) => row.opened, scope: 'wide' })),
    /** The denominator of first-contact resolution. */
    fcrDue: count(2, on('contact', { at: firstContact })),
    /** Not reopened by the customer, nor repeated: a customer who comes back takes the 1 back where the contact put it. */
    fcrSolved: count(
      3,
      on('contact', { at: solved }),
      on('session', { at: (row) => row.repeated, value: () => -1 }),
    ),
    /** Whose contact has a customer. */
    fcrIdentified: count(
      4,
      on('contact', {
        at: (row) => (firstContact(row)?.isIdentified === true ? firstContact(row) : null),
      }),
    ),
    /** The same of those whose window has passed. */
    fcrMatureDue: maturing(6, on('contact', { at: (row) => mature(firstContact(row)) })),
    fcrMatureSolved: maturing(
      7,
      on('contact', { at: (row) => mature(solved(row)) }),
      on('session', { at: (row) => mature(row.repeated), value: () => -1 }),
    ),
    /** Within authority, with those that were closed without a resolution. */
    fcrNetDue: count(18, on('contact', { at: netContact })),
    fcrNetSolved: count(
      19,
      on('contact', { at: (row) => (row.isInAuthority ? solved(row) : null) }),
      on('session', {
        at: ({ repeated }) => (repeated.isInAuthority ? repeated : null),
        value: () => -1,
      }),
    ),
    fcrNetIdentified: count(
      20,
      on('contact', {
        at: (row) => (netContact(row)?.isIdentified === true ? netContact(row) : null),
      }),
    ),
    /** Of all first resolutions (`contactResolved`). */
    firstResolutionReopened: count(
      5,
      on('contact', { at: (row) => (row.resolved?.isReopened === true ? row.resolved : null) }),
    ),
    firstResolutionInAuthority: count(
      21,
      on('contact', { at: (row) => (row.isInAuthority ? row.resolved : null) }),
    ),
    /** Of those. */
    firstResolutionFirstLevel: count(
      22,
      on('contact', {
        at: ({ isInAuthority, resolved }) =>
          isInAuthority && resolved?.isFirstLevel === true ? resolved : null,
      }),
    ),
    /** First human parts at whose end the contact was not resolved. */
    firstPartUnresolved: count(
      23,
      on('part', { at: (row) => (row.isFirst && !row.isResolved ? row.handled : null) }),
    ),
    firstPartResolvedLater: count(
      24,
      on('part', { at: (row) => (row.isFirst && row.isResolvedLater ? row.handled : null) }),
    ),
  },
  [making('contact', addShifts)],
)

const shifting: readonly (readonly [Measure, Timing])[] = (
  Object.keys(timings) as (keyof typeof timings)[]
).map((name) => [resolutions.measures[name], timings[name]])

/** What readings on the other clock than that of the class have to add. */
function addShifts(row: ContactRow, sink: Sink): void {
  if (row.started === null && row.resolved === null) return
  for (const [{ shifts }, { at, ms, otherMs }] of shifting) {
    const moment = at(row)
    if (moment === null || ms(row) === otherMs(row)) continue
    const shift = shifts![row.clock === 'calendar' ? 'business' : 'calendar']
    sink(shift, moment, ms(row), 'both', moment.atMs, -1)
    sink(shift, moment, otherMs(row), 'both', moment.atMs, 1)
  }
}

const fromStart = 'resolvedFromStartMs IS NOT NULL'

/** The same in SQL, on the clock of the class. */
export const resolutionSql: FamilySql<keyof typeof resolutions.measures> = {
  timeToStart: [rowsOf('contact', 'started', { value: 'startedAfterMs' })],
  resolutionTimeFromRequest: [rowsOf('contact', 'resolved', { value: 'resolvedAfterMs' })],
  resolutionTimeFromRequestActive: [rowsOf('contact', 'resolved', { value: 'resolvedActiveMs' })],
  resolutionTimeFromStart: [
    rowsOf('contact', 'resolved', { where: fromStart, value: 'resolvedFromStartMs' }),
  ],
  resolutionTimeFromStartActive: [
    rowsOf('contact', 'resolved', { where: fromStart, value: 'resolvedFromStartActiveMs' }),
  ],
  resolutionTimeToLast: [rowsOf('contact', 'lastResolved', { value: 'lastResolvedAfterMs' })],
  resolutionTimeToLastActive: [
    rowsOf('contact', 'lastResolved', { value: 'lastResolvedActiveMs' }),
  ],
  resolutionDue: [rowsOf('contact', 'resolutionDue')],
  resolutionDueWithin: [rowsOf('contact', 'resolutionDue', { where: 'isResolutionDueWithin' })],
  openedResolvedInTime: [rowsOf('contact', 'opened', { where: 'isResolvedInTime', scope: 'wide' })],
  openedRepeat: [rowsOf('repeat', 'opened', { scope: 'wide' })],
  fcrDue: [rowsOf('contact', 'firstContact')],
  fcrSolved: [
    rowsOf('contact', 'firstContact', { where: 'isSolved' }),
    rowsOf('session', 'repeated', { value: '-1' }),
  ],
  fcrIdentified: [rowsOf('contact', 'firstContact', { where: 'isIdentified' })],
  fcrMatureDue: [rowsOf('contact', 'firstContact', { where: 'isMature' })],
  fcrMatureSolved: [
    rowsOf('contact', 'firstContact', { where: 'isSolved AND isMature' }),
    rowsOf('session', 'repeated', { where: 'isMature', value: '-1' }),
  ],
  fcrNetDue: [
    rowsOf('contact', 'firstContact', { where: 'isInAuthority' }),
    rowsOf('contact', 'closedUnresolved', { where: 'isInAuthority' }),
  ],
  fcrNetSolved: [
    rowsOf('contact', 'firstContact', { where: 'isSolved AND isInAuthority' }),
    rowsOf('session', 'repeated', { where: 'isInAuthority', value: '-1' }),
  ],
  fcrNetIdentified: [
    rowsOf('contact', 'firstContact', { where: 'isIdentified AND isInAuthority' }),
    rowsOf('contact', 'closedUnresolved', {
      where: 'isClosedUnresolvedIdentified AND isInAuthority',
    }),
  ],
  firstResolutionReopened: [rowsOf('contact', 'resolved', { where: 'isReopened' })],
  firstResolutionInAuthority: [rowsOf('contact', 'resolved', { where: 'isInAuthority' })],
  firstResolutionFirstLevel: [
    rowsOf('contact', 'resolved', { where: 'isFirstLevel AND isInAuthority' }),
  ],
  firstPartUnresolved: [rowsOf('part', 'handled', { where: 'isFirst AND NOT isResolved' })],
  firstPartResolvedLater: [rowsOf('part', 'handled', { where: 'isFirst AND isResolvedLater' })],
}
