// The table of queues: as many rows as a wall has room for, page by page.
import { pagesOf } from './pages.js'
import { showBar } from './queue-bar.js'
import { overLimit } from './queue-rows.js'
import { byId, resize, setShape, setStatus, setText } from './render.js'

/** @typedef {import('./queue-rows.js').Row} Row @typedef {import('./queue-columns.js').Column} Column @typedef {import('./queue-columns.js').Cell} Cell */
/** @typedef {{ columns: readonly Column[], rows: readonly Row[], isCut: boolean, setting: import('./values.js').Setting }} Table `isCut`: there are more */

/** More rows than this are given more of the height. */
const manyRows = 6

/** @type {Table | null} */
let table = null
const pages = pagesOf(byId('queues'), byId('page'), () => table !== null && showQueues(table))

/** From the first page on again. */
export const restartPages = () => pages.first()

/** @param {'td' | 'th'} kind */
function newCell(kind) {
  const cell = document.createElement(kind)
  const [span, shape] = [
    document.createElement('span'),
    document.createElementNS('http://www.w3.org/2000/svg', 'svg'),
  ]
  shape.setAttribute('role', 'img')
  shape.append(document.createElementNS('http://www.w3.org/2000/svg', 'use'))
  span.append(shape, document.createElement('b'))
  cell.append(span)
  if (kind === 'th') cell.setAttribute('scope', 'col')
  return cell
}

/** @param {Element | undefined} element @param {Cell} cell @param {boolean} isMinor */
function showCell(element, { text, status, word = '' }, isMinor = false) {
  const cell = /** @type {HTMLElement} */ (element)
  const shape = /** @type {Element} */ (cell.querySelector('svg'))
  cell.classList.toggle('minor', isMinor)
  setStatus(cell, status)
  setText(cell.querySelector('b'), text)
  const isMarked = status === 'warning' || status === 'breach'
  shape.toggleAttribute('hidden', !isMarked)
  if (!isMarked) return
  shape.setAttribute('aria-label', word)
  setShape(shape.querySelector('use'), status)
}

function newRow() {
  const [row, name] = [document.createElement('tr'), document.createElement('th')]
  name.setAttribute('scope', 'row')
  row.append(name)
  return row
}

/** @param {Element | undefined} element @param {Row} row @param {readonly Column[]} columns */
function showRow(element, { name, cells, over }, columns) {
  const row = /** @type {HTMLElement} */ (element)
  const head = /** @type {HTMLElement} */ (row.firstElementChild)
  setStatus(row, over > 0 ? 'breach' : undefined)
  setText(head, name)
  head.title = name
  resize(row, cells.length + 1, () => newCell('td'))
  cells.forEach((cell, n) => showCell(row.children[n + 1], cell, columns[n]?.isMinor))
}

const charEm = 0.7
const shapeEm = 1.6
const nameEm = 8

/** On a phone a queue has its figures in one line, more than that in two of the same length. */
const figuresInLine = 4

/** @param {readonly Column[]} columns */
function lineOf(columns) {
  const figures = columns.filter(({ isMinor }) => isMinor !== true).length
  return figures <= figuresInLine ? figures : Math.ceil(figures / 2)
}

/**
 * How wide the longest figure of each column is on any page, in em, so that type can be made to fit: it stays while figures grow up to their usual length.
 * @param {Table} shown
 */
function fitType({ columns, rows }) {
  const widths = columns.map(({ usual, isJudged }, n) => {
    const longest = Math.max(usual, ...rows.map(({ cells }) => cells[n]?.text.length ?? 0))
    return longest * charEm + (isJudged ? shapeEm : 0)
  })
  const set = (/** @type {string} */ name, /** @type {number} */ value) =>
    byId('queues').style.setProperty(name, String(value))
  set(
    '--ems',
    widths.reduce((sum, width) => sum + width, nameEm),
  )
  set('--ems-widest', Math.max(...widths))
  set('--columns', columns.length)
  set('--line', lineOf(columns))
}

/** How many rows there is room for, at least one; on a phone all, since it is scrolled. @param {number} rows */
function roomFor(rows) {
  const [panel, bar] = [byId('queues'), byId('queue-bar')]
  const height = byId('queue-rows').firstElementChild?.getBoundingClientRect().height ?? 0
  const space = panel.clientHeight - byId('queue-head').getBoundingClientRect().height
  bar.hidden = getComputedStyle(panel).overflowY !== 'hidden' || space >= rows * height
  if (bar.hidden) return Math.max(1, rows)
  return Math.max(1, Math.floor((space - Number.parseFloat(getComputedStyle(bar).height)) / height))
}

/** @param {readonly Column[]} columns @param {import('./values.js').Setting} setting */
function showHead(columns, { t }) {
  const head = byId('queue-head')
  resize(head, columns.length + 1, () => newCell('th'))
  showCell(head.children[0], { text: t.queue })
  columns.forEach(({ label, isMinor }, n) =>
    showCell(head.children[n + 1], { text: label }, isMinor),
  )
}

/** @param {Table} shown */
export function showQueues(shown) {
  table = shown
  const { columns, rows, isCut, setting } = shown
  byId('queues').hidden = rows.length === 0
  byId('board').classList.toggle('many-queues', rows.length > manyRows)
  setText(byId('queues-caption'), setting.t.queues)
  showHead(columns, setting)
  if (byId('queue-rows').children.length === 0 && rows.length > 0)
    byId('queue-rows').append(newRow())
  fitType(shown)
  const room = roomFor(rows.length)
  const count = Math.max(1, Math.ceil(rows.length / room))
  const page = pages.current(count)
  const visible = rows.slice(page * room, (page + 1) * room)
  resize(byId('queue-rows'), visible.length, newRow)
  visible.forEach((row, n) => showRow(byId('queue-rows').children[n], row, columns))
  showBar(
    {
      over: overLimit(rows, setting),
      queues: rows.length,
      isCut,
      page,
      count,
      isStopped: pages.isStopped(),
    },
    setting.t,
  )
}
