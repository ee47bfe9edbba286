// The table of a team: its columns, and its rows in the order that is asked for. No document in here.

/**
 * @typedef {import('./source.js').Row} Row
 * @typedef {import('./source.js').Scores} Scores
 * @typedef {{ by: string, isDown: boolean }} Order by the id of a column; `isDown`: the greatest first
 * @typedef {{ id: string, name: string, isNumber: boolean, value: (row: Row) => number | string | null }} Column
 */

/** @type {Order} */
export const firstOrder = { by: 'total', isDown: true }

/** Every column, in its place: what is of the total beside it, before what it is made of. @param {Scores['card']} card @param {import('./texts.js').Texts} t @returns {Column[]} */
export function columnsOf(card, t) {
  return [
    { id: 'rank', name: t.rank, isNumber: true, value: ({ rank }) => rank },
    { id: 'agent', name: t.agent, isNumber: false, value: ({ agentId }) => agentId },
    { id: 'team', name: t.team, isNumber: false, value: ({ team }) => team },
    { id: 'total', name: t.total, isNumber: true, value: ({ total }) => total },
    { id: 'standing', name: t.standing, isNumber: false, value: standingOrder },
    { id: 'missing', name: t.missing, isNumber: true, value: (row) => row.missingWeight },
    { id: 'low', name: t.lowShort, isNumber: true, value: ({ lowInARow }) => lowInARow },
    ...card.kpis.map((kpi, place) => ({
      id: `kpi-${place}`,
      name: kpi.name,
      isNumber: true,
      value: (/** @type {Row} */ row) => row.items[place]?.points ?? null,
    })),
  ]
}

/** What still runs comes before what is closed, and that by its revisions. @param {Row} row */
const standingOrder = ({ closed, revision }) => (closed ? `1 ${revision ?? 1}` : '0')

/** The other way round where it is ordered by that column already; numbers begin with the greatest, names with A. @param {Order} order @param {Column} column @returns {Order} */
export const orderedBy = (order, { id, isNumber }) => {
  if (order.by === id) return { by: id, isDown: !order.isDown }
  return { by: id, isDown: isNumber && id !== 'rank' }
}

/** Rows of a team in order; what has no value is last, whichever way. @param {readonly Row[]} rows @param {string | null} team @param {Column[]} columns @param {Order} order @param {string} language */
export function rowsInOrder(rows, team, columns, { by, isDown }, language) {
  const { compare } = new Intl.Collator(language, { numeric: true })
  const value = columns.find(({ id }) => id === by)?.value ?? (() => null)
  /** @param {Row} a @param {Row} b */
  function order(a, b) {
    const [one, other] = [value(a), value(b)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    const ascending =
      typeof one === 'number' && typeof other === 'number'
        ? one - other
        : compare(String(one), String(other))
    return isDown ? -ascending : ascending
  }
  return rows
    .filter((row) => team === null || row.team === team)
    .sort((a, b) => order(a, b) || compare(a.agentId, b.agentId))
}

/** Names of teams, each once. @param {readonly Row[]} rows @param {string} language */
export const teamsOf = (rows, language) =>
  [...new Set(rows.flatMap(({ team }) => team ?? []))].sort(
    new Intl.Collator(language, { numeric: true }).compare,
  )

/** Whether a band is the best of its card, the lowest, or one between. @param {Scores['card']} card @param {{ id: string } | null} band */
export function bandRank({ bands }, band) {
  const place = bands.findIndex(({ id }) => id === band?.id)
  if (place < 0) return 'none'
  if (place === 0) return 'best'
  return place === bands.length - 1 ? 'lowest' : 'middle'
}
