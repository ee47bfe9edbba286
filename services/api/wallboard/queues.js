// The table of queues: as many rows as a wall has room for, page by page.
import { pagesOf } from './pages.js'
import { showBar } from './queue-bar.js'
import { overLimit } from './queue-rows.js'
import { byId, resize, setShape, setStatus, setText } from './render.js'

/** @typedef {import('./queue-rows.js').Row} Row @typedef {import('./queue-rows.js').Cell} Cell */
/** @typedef {{ head: readonly Cell[], rows: readonly Row[], isCut: boolean, setting: import('./values.js').Setting }} Table `isCut`: there are more */

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

/** @param {Element | undefined} element @param {Cell} cell */
function showCell(element, { text, status, word = '', minor = false }) {
  const cell = /** @type {HTMLElement} */ (element)
  const shape = /** @type {Element} */ (cell.querySelector('svg'))
  cell.classList.toggle('minor', minor)
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

/** @param {Element | undefined} element @param {Row} row */
function showRow(element, { name, cells, over }) {
  const row = /** @type {HTMLElement} */ (element)
  const head = /** @type {HTMLElement} */ (row.firstElementChild)
  setStatus(row, over > 0 ? 'breach' : undefined)
  setText(head, name)
  head.title = name
  resize(row, cells.length + 1, () => newCell('td'))
  cells.forEach((cell, n) => showCell(row.children[n + 1], cell))
}

/** Characters that a figure of each column commonly has: the type stays while figures grow up to that. */
const commonLength = [3, 5, 6, 6, 5]
const charEm = 0.7
const shapeEm = 1.6
const nameEm = 8

/** How wide the longest figure of each column is on any page, in em, so that type can be made to fit. @param {Table} shown */
function fitType({ head, rows }) {
  const widths = head.slice(1).map((_, n) => {
    const longest = Math.max(
      commonLength[n] ?? 0,
      ...rows.map(({ cells }) => cells[n]?.text.length ?? 0),
    )
    return longest * charEm + (n < head.length - 2 ? shapeEm : 0)
  })
  byId('queues').style.setProperty(
    '--ems',
    String(widths.reduce((sum, width) => sum + width, nameEm)),
  )
  byId('queues').style.setProperty('--ems-widest', String(Math.max(...widths)))
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

/** @param {Table} shown */
export function showQueues(shown) {
  table = shown
  const { head, rows, isCut, setting } = shown
  byId('queues').hidden = rows.length === 0
  byId('board').classList.toggle('many-queues', rows.length > manyRows)
  setText(byId('queues-caption'), setting.t.queues)
  resize(byId('queue-head'), head.length, () => newCell('th'))
  head.forEach((cell, n) => showCell(byId('queue-head').children[n], cell))
  if (byId('queue-rows').children.length === 0 && rows.length > 0)
    byId('queue-rows').append(newRow())
  fitType(shown)
  const room = roomFor(rows.length)
  const count = Math.max(1, Math.ceil(rows.length / room))
  const page = pages.current(count)
  const visible = rows.slice(page * room, (page + 1) * room)
  resize(byId('queue-rows'), visible.length, newRow)
  visible.forEach((row, n) => showRow(byId('queue-rows').children[n], row))
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
