// The rows behind a value: what was counted, when, and what each adds.
import { isLeftOutOn, itemOfRow } from '../appeal-items.js'
import { amount, moment, number } from '../amounts.js'
import { wait } from '../figures.js'
import { h } from '../dom.js'
import { dateAt } from '../periods.js'
import { mayAppeal, pickButton } from './appeal-forms.js'

/** @typedef {import('./app.js').App} App */
/** @typedef {import('../source.js').ExplainedRow} ExplainedRow */
/** @typedef {import('../source.js').Added} Added */

/** @param {App} app @param {import('../state.js').Rows} rows */
export function rowsPanel(app, rows) {
  const { state, actions, setting } = app
  const { t } = setting
  const { kpi, isLeftOut } = rows
  const name = state.agent?.card.kpis.find((one) => one.kpi === kpi)?.name ?? kpi
  const failed = { 'rows-failed': t.rowsFailed, 'too-much-log': t.tooMuchLog }
  return h(
    'section',
    { class: 'rows', key: `rows ${rows.kpi} ${rows.slice}`, 'aria-labelledby': 'rows-title' },
    h(
      'div',
      { class: 'rows-head' },
      h('h3', { id: 'rows-title', tabindex: -1 }, isLeftOut ? t.leftOutOf(name) : t.rowsOf(name)),
      !isLeftOut && mayAppeal(app) && pickButton(app, { kind: 'kpi', id: kpi }, t.appealKpi),
      h('button', { type: 'button', id: 'rows-close', onclick: actions.closeRows }, t.close),
    ),
    rows.last !== null && summary(app, rows, rows.last),
    rows.rows.length > 0 && rowTable(app, rows),
    rows.failed !== null && h('p', { class: 'quiet', role: 'alert' }, failed[rows.failed]),
    rows.isReading && h('p', { class: 'quiet' }, t.reading),
    rows.last?.cursor !== undefined &&
      !rows.isReading &&
      h('button', { type: 'button', id: 'rows-more', onclick: actions.moreRows }, t.more),
  )
}

/** @param {App} app @param {import('../state.js').Rows} rows @param {import('../source.js').Explained} last */
function summary({ state, setting }, { rows, kpi, slice, isLeftOut }, { sums, cursor }) {
  const { t, language } = setting
  if (rows.length === 0 && cursor === undefined) return h('p', { class: 'quiet' }, t.noRows)
  const text = t.rowsShown(number(rows.length, language), addedText(sums, setting))
  const item = state.agent?.items.find((one) => one.kpi === kpi && one.slice === slice)
  const isAmong = !isLeftOut && state.leftOut.has(`${kpi} ${item?.leftOut.slice}`)
  return h('p', { class: 'quiet' }, text, isAmong && ` · ${t.leftOutAmong}`)
}

/** What a row adds to the numbers of the value, or rows together: `1 of 1`, `90 s`. @param {Added} added @param {import('../amounts.js').Setting} setting */
function addedText({ numerator, denominator, count, sum, value }, setting) {
  const { t, language } = setting
  if (numerator !== undefined || denominator !== undefined)
    return t.of(number(numerator ?? 0, language), number(denominator ?? 0, language))
  if (sum !== undefined) {
    const time = amount(sum, { unit: 'ms' }, setting)
    return count === undefined || count === 1
      ? time
      : `${t.times(number(count, language), count)}, ${time}`
  }
  return number(value ?? count ?? 0, language)
}

/** @param {App} app @param {import('../state.js').Rows} rows */
function rowTable(app, { rows, isLeftOut }) {
  const { t } = app.setting
  const columns = [t.when, t.what, t.whose, t.addedCells, t.took, t.details]
  const head = isLeftOut ? columns : [t.appeal, ...columns]
  return h(
    'div',
    { class: 'scroll', role: 'group', 'aria-labelledby': 'rows-title', tabindex: 0 },
    h(
      'table',
      { class: 'list' },
      h(
        'thead',
        {},
        h('tr', {}, ...head.map((name) => h('th', { scope: 'col', key: name }, name))),
      ),
      h('tbody', {}, ...rows.map((row) => explainedRow(app, row, isLeftOut))),
    ),
  )
}

/** @param {App} app @param {ExplainedRow} explained @param {boolean} isLeftOut */
function explainedRow(app, explained, isLeftOut) {
  const { setting } = app
  const { t } = setting
  const { at, row, open, durationMs } = explained
  const grain = String(row?.['grain'] ?? open?.kind ?? '')
  return h(
    'tr',
    {},
    !isLeftOut && h('td', {}, picking(app, explained)),
    h('td', {}, moment(at, setting)),
    h('td', {}, t.grains[grain] ?? grain, open !== null && h('small', {}, t.goesOn)),
    h('td', {}, whose(explained)),
    h('td', {}, addedText(explained, setting)),
    h('td', {}, durationMs === undefined ? '–' : wait(durationMs)),
    h('td', {}, row === null ? '–' : details(row, setting)),
  )
}

/** What is left out already is not appealed about. @param {App} app @param {ExplainedRow} explained */
function picking(app, explained) {
  const { t, timeZone } = app.setting
  const item = itemOfRow(explained)
  if (item === null) return '–'
  const appeals = app.state.agent?.appealsAbout ?? []
  return isLeftOutOn(appeals, item, dateAt(explained.at, timeZone))
    ? h('span', { class: 'chip left-out', key: 'left-out' }, t.isLeftOut)
    : mayAppeal(app)
      ? pickButton(app, item, t.appeal)
      : '–'
}

/** @param {ExplainedRow} explained */
const whose = ({ row, open }) =>
  String(row?.['subjectId'] ?? open?.contactId ?? open?.agentId ?? '–')

const isInstant = (/** @type {unknown} */ cell) =>
  typeof cell === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(cell)

/** Its columns by their names, as docs/rows.md has them; empty ones say nothing. @param {Record<string, import('../source.js').Cell>} row @param {import('../amounts.js').Setting} setting */
function details(row, setting) {
  const cells = Object.entries(row).filter(
    ([name, cell]) => cell !== null && name !== 'grain' && name !== 'subjectId',
  )
  return h(
    'details',
    {},
    h('summary', {}, setting.t.details),
    h(
      'dl',
      {},
      ...cells.flatMap(([name, cell]) => [
        h('dt', {}, name),
        h('dd', {}, isInstant(cell) ? moment(String(cell), setting) : String(cell)),
      ]),
    ),
  )
}
