import { average, provisionalUntil, ratio, shareBeside } from '../kpis/shapes.ts'
import type { ContactRow, FirstContact } from '../subjects/row.ts'
import { contacts } from './contacts.ts'
import { count, duration, family, making, maturing, on, type Sink, withShifts } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

const firstContact = (row: ContactRow): FirstContact | null => row.resolved?.firstContact ?? null
const solved = (row: ContactRow): FirstContact | null =>
  firstContact(row)?.isSolved === true ? firstContact(row) : null
const mature = <At extends { readonly isMature: boolean }>(at: At | null): At | null =>
  at?.isMature === true ? at : null

/** First resolutions: how long they took, and whether they held. */
export const resolutions = family(
  'resolutions',
  4,
  {
    /** From the customer's request, on the clock of the class. */
    resolutionTimeFromRequest: withShifts(
      duration(
        1,
        on('contact', { at: (row) => row.resolved, value: (row) => row.resolved!.afterMs }),
      ),
      { calendar: 102, business: 103 },
    ),
    /** Those that were to be resolved, at min(resolution, limit). */
    resolutionDue: count(8, on('contact', { at: (row) => row.resolutionDue })),
    resolutionDueWithin: count(
      9,
      on('contact', { at: ({ resolutionDue: due }) => (due?.isWithin === true ? due : null) }),
    ),
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
    /** Of all first resolutions (`contactResolved`). */
    firstResolutionReopened: count(
      5,
      on('contact', { at: (row) => (row.resolved?.isReopened === true ? row.resolved : null) }),
    ),
  },
  [making('contact', addShift)],
)

/** What a reading on the other clock than that of the class has to add. */
function addShift({ resolved }: ContactRow, sink: Sink): void {
  if (resolved === null || resolved.afterMs === resolved.otherAfterMs) return
  const { atMs, clock, afterMs, otherAfterMs } = resolved
  const { shifts } = resolutions.measures.resolutionTimeFromRequest
  const shift = shifts![clock === 'calendar' ? 'business' : 'calendar']
  sink(shift, resolved, afterMs, 'both', atMs, -1)
  sink(shift, resolved, otherAfterMs, 'both', atMs, 1)
}

/** The same in SQL, on the clock of the class. */
export const resolutionSql: FamilySql<keyof typeof resolutions.measures> = {
  resolutionTimeFromRequest: [rowsOf('contact', 'resolved', { value: 'resolvedAfterMs' })],
  resolutionDue: [rowsOf('contact', 'resolutionDue')],
  resolutionDueWithin: [rowsOf('contact', 'resolutionDue', { where: 'isResolutionDueWithin' })],
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
  firstResolutionReopened: [rowsOf('contact', 'resolved', { where: 'isReopened' })],
}

const {
  resolutionTimeFromRequest: timeFromRequest,
  fcrDue,
  fcrSolved,
  fcrIdentified,
  firstResolutionReopened,
  fcrMatureDue,
  fcrMatureSolved,
  resolutionDue,
  resolutionDueWithin,
} = resolutions.measures

const resolutionTimeFromRequest = average('resolution_time_from_request', {
  name: { en: 'Resolution time', zh: '问题解决时间' },
  description: {
    en: 'From the request to the first resolution, at that resolution.',
    zh: '从客户请求到首次解决的时间，按解决时刻统计。',
  },
  direction: 'lower',
  targets: { any: { max: 24 * 3_600_000 } },
  clocked: true,
  of: timeFromRequest,
  percentiles: [90],
  docs: {
    formula: '`sum ÷ count` of first resolution − request; p90 beside it',
    countedAt: 'the first resolution',
    whenEmpty: '`null`, `nothing-happened`: nothing was resolved for the first time',
    note: 'its calendar is that of the queue at the request; time in which it is pended counts',
  },
})

const resolvedWithinTargetOfDue = ratio('resolved_within_target_of_due', {
  name: { en: 'Resolved within limit, of due', zh: '按时解决率' },
  description: {
    en: 'Share of requests that were resolved by their limit, at min(first resolution, limit).',
    zh: '在时限内首次解决的请求占比，按解决或到期（取较早）时刻统计。',
  },
  direction: 'higher',
  targets: { any: { min: 0.9 } },
  of: resolutionDueWithin,
  per: resolutionDue,
  docs: {
    formula:
      'requests resolved at or before their limit ÷ requests that were to be resolved by then',
    countedAt: 'min(first resolution, request + limit)',
    whenEmpty: '`null`, `nothing-happened`: none became due; nothing had a limit',
    note: 'limits by class, queue, channel and priority as at the request (deferred 24 h by default, others none), on the clock of the class; they stand still while the contact is pended where `pendedPauses` says so. Over without a resolution, or a bot’s alone, when the limit passes: in neither. A reopening changes nothing of it',
  },
})

const fcrGross = ratio('fcr_gross', {
  name: { en: 'First contact resolution', zh: '首次解决率' },
  description: {
    en: 'Share of contacts solved at first contact: neither reopened nor repeated within the window after the first resolution.',
    zh: '首次解决的会话占比：首次解决后的窗口期内未重开且客户未就同一主题再次联系。',
  },
  direction: 'higher',
  targets: { any: { min: 0.7 } },
  of: fcrSolved,
  per: fcrDue,
  beside: [
    shareBeside('identifiedShare', fcrIdentified, fcrDue),
    provisionalUntil(fcrDue, ({ fcrWindowMs }) => fcrWindowMs),
  ],
  docs: {
    formula:
      'contacts solved at first contact ÷ inbound contacts opened by customers and handled by humans that were resolved',
    countedAt: 'the first resolution',
    whenEmpty: '`null`, `nothing-happened`: no such contact was resolved',
    note: 'not solved: reopened (not by an agent or the system), or the same customer came back with the same topic (any, if one of them has none), within the window (72 h by default) after the first resolution. `provisionalUntil`: it may change until then. `identifiedShare`: share of the denominator whose customer is known; where it is 0, only reopenings can count against it',
  },
})

const fcrMature = ratio('fcr_mature', {
  name: { en: 'First contact resolution, window passed', zh: '首次解决率（窗口期满）' },
  description: {
    en: 'First contact resolution of those contacts alone whose window after the first resolution has passed: it does not fall by waiting any more.',
    zh: '仅统计首次解决后窗口期已满的会话的首次解决率，数值不再因等待而下降。',
  },
  direction: 'higher',
  targets: { any: { min: 0.7 } },
  of: fcrMatureSolved,
  per: fcrMatureDue,
  docs: {
    formula: 'as `fcr_gross`, of contacts whose first resolution is at least the window ago',
    countedAt: 'the first resolution, once log time has come to that resolution + the window',
    whenEmpty: '`null`, `nothing-happened`: no such contact was resolved so long ago',
    note: 'periods within the last window (`fcrWindow`, 72 h by default) are empty or hold their older part alone. A repeat or reopening within the window that is told after it still counts against it',
  },
})

const { contactResolved } = contacts.measures

const reopenRate = ratio('reopen_rate', {
  name: { en: 'Reopen rate', zh: '重开率' },
  description: {
    en: 'Share of first resolutions after which the contact was reopened within the window.',
    zh: '首次解决后在窗口期内被重新打开的会话占比，按首次解决时刻统计。',
  },
  direction: 'lower',
  of: firstResolutionReopened,
  per: contactResolved,
  beside: [provisionalUntil(contactResolved, ({ fcrWindowMs }) => fcrWindowMs)],
  docs: {
    formula:
      'contacts that were reopened within the window after their first resolution ÷ contacts at their first resolution',
    countedAt: 'the first resolution',
    whenEmpty: '`null`, `nothing-happened`: nothing was resolved for the first time',
    note: 'any reopening, whoever reopens: the customer, an agent or the system; the window (`fcrWindow`, 72 h by default) is that of FCR, and a reopening at exactly its end is within. `provisionalUntil`: it may change until then. Counted once a contact, however often it is reopened; `reopen_events` counts each',
  },
})

export const resolutionKpis = [
  resolutionTimeFromRequest,
  resolvedWithinTargetOfDue,
  fcrGross,
  fcrMature,
  reopenRate,
]
