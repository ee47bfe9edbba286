// What appeals are about: contacts, scores and KPIs, each by its kind and id. No document in here.
import { dateAt } from './periods.js'

/**
 * @typedef {{ kind: string, id: string }} Item `contact`, `kpi`, or a score by what it is
 * @typedef {Item & { leftOut: boolean, kept: boolean }} AppealedItem
 * @typedef {import('./source.js').Appeal} Appeal
 * @typedef {{ contactIds?: string[], scores?: Item[], kpis?: string[] }} Lists as they are sent
 */

const scoreKinds = ['complaint', 'review', 'quality-review', 'violation', 'assessment']

/** Scores of all kinds share a list. @param {Item} item */
const listOf = ({ kind }) => (scoreKinds.includes(kind) ? 'score' : kind)

/** @param {Item} a */
export const sameAs = (a) => (/** @type {Item} */ b) => a.kind === b.kind && a.id === b.id

/** @param {readonly Item[]} items @param {Item} item */
export const isPicked = (items, item) => items.some(sameAs(item))

/** An appeal names at most 100 contacts, 100 scores and 50 KPIs. @param {readonly Item[]} items @param {Item} item */
export const hasRoom = (items, item) =>
  items.filter((one) => listOf(one) === listOf(item)).length < (item.kind === 'kpi' ? 50 : 100)

/** The item of a row; `null`: no appeal leaves such a row out. What customers tell of a contact is the contact's. @param {import('./source.js').ExplainedRow} explained @returns {Item | null} */
export function itemOfRow({ row, open }) {
  if (row === null) return open?.contactId === undefined ? null : contact(open.contactId)
  const [kind, id] = [String(row['subjectKind']), String(row['subjectId'])]
  if (kind === 'contact') return contact(id)
  if (scoreKinds.includes(kind)) return { kind, id }
  const { contactId } = row
  return kind === 'customer' && typeof contactId === 'string' ? contact(contactId) : null
}

const contact = (/** @type {string} */ id) => ({ kind: 'contact', id })

/** @param {Appeal} appeal @returns {AppealedItem[]} */
export const itemsOf = ({ contacts, scores, kpis }) => [
  ...contacts.map(({ contactId, leftOut, kept }) => ({ ...contact(contactId), leftOut, kept })),
  ...scores.map(({ kind, id, leftOut }) => ({ kind, id, leftOut, kept: true })),
  ...kpis.map(({ kpi, leftOut }) => ({ kind: 'kpi', id: kpi, leftOut, kept: true })),
]

/** Whether a granted appeal leaves out what counts on a date. @param {readonly Appeal[]} appeals @param {Item} item @param {string} date */
export const isLeftOutOn = (appeals, item, date) =>
  appeals.some(
    (appeal) =>
      appeal.period.start <= date &&
      date <= appeal.period.end &&
      itemsOf(appeal).some((one) => one.leftOut && one.kept && sameAs(item)(one)),
  )

/** @param {readonly Item[]} items @returns {Lists} */
export function listsOf(items) {
  const of = (/** @type {string} */ list) => items.filter((one) => listOf(one) === list)
  const contactIds = of('contact').map(({ id }) => id)
  const scores = of('score').map(({ kind, id }) => ({ kind, id }))
  const kpis = of('kpi').map(({ id }) => id)
  return {
    ...(contactIds.length > 0 && { contactIds }),
    ...(scores.length > 0 && { scores }),
    ...(kpis.length > 0 && { kpis }),
  }
}

/** The first and the last date of a period, where the tenant is. @param {Pick<import('./source.js').About, 'start' | 'end' | 'timeZone'>} about */
export const datesOf = ({ start, end, timeZone }) => ({
  start: dateAt(start, timeZone),
  end: dateAt(Date.parse(end) - 1, timeZone),
})

/** No two are alike; also where a page that is not served over TLS has no `randomUUID`. */
export const newAppealId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
