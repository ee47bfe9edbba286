// Puts what the model says into the document, changing only what differs.

/** @typedef {import('./model.js').Tile} Tile @typedef {import('./model.js').Row} Row @typedef {import('./model.js').Cell} Cell */

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

/** @param {Element | null} element @param {string} text */
export function setText(element, text) {
  if (element !== null && element.textContent !== text) element.textContent = text
}

/** @param {HTMLElement} element @param {string | undefined} status */
function setStatus(element, status) {
  if (status === undefined) delete element.dataset['status']
  else if (element.dataset['status'] !== status) element.dataset['status'] = status
}

/** @param {Element | null} use @param {string} status */
const setShape = (use, status) => use?.setAttribute('href', `#shape-${status}`)

/** @param {Tile} tile */
function newTile({ id }) {
  const template = /** @type {HTMLTemplateElement} */ (byId('tile-template'))
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true))
  const made = /** @type {HTMLElement} */ (copy.firstElementChild)
  made.id = `tile-${id}`
  byId('tiles').append(made)
  return made
}

/** @param {HTMLElement} element @param {Tile} tile */
function showMeter(element, { meter }) {
  const track = /** @type {HTMLElement} */ (element.querySelector('.meter'))
  track.hidden = meter === undefined
  if (meter === undefined) return
  /** @param {string} name */
  const part = (name) => /** @type {HTMLElement} */ (track.querySelector(name))
  part('.fill').style.width = `${meter.fill * 100}%`
  for (const [name, at] of [
    ['.low', meter.low],
    ['.high', meter.high],
  ]) {
    part(String(name)).hidden = at === undefined
    if (typeof at === 'number') part(String(name)).style.left = `${at * 100}%`
  }
}

/** @param {readonly Tile[]} tiles */
export function showTiles(tiles) {
  for (const tile of tiles) {
    const element = document.getElementById(`tile-${tile.id}`) ?? newTile(tile)
    setStatus(element, tile.status)
    setText(element.querySelector('h2'), tile.label)
    setText(element.querySelector('.status span'), tile.word)
    setShape(element.querySelector('use'), tile.status)
    const status = /** @type {HTMLElement} */ (element.querySelector('.status'))
    status.hidden = tile.word === ''
    setText(element.querySelector('.value'), tile.value)
    setText(element.querySelector('.unit'), tile.unit === '' ? '' : `\u00a0${tile.unit}`)
    setText(element.querySelector('.detail'), tile.detail)
    showMeter(element, tile)
  }
}

/** @param {Cell} cell @param {'td' | 'th'} kind */
function newCell({ text, status, word, minor }, kind) {
  const element = document.createElement(kind)
  if (kind === 'th') element.setAttribute('scope', 'col')
  if (minor) element.className = 'minor'
  setStatus(element, status)
  if (status === undefined || status === 'ok' || status === 'no-data') {
    element.textContent = text
    return element
  }
  const [span, shape, use] = [document.createElement('span'), svg('svg'), svg('use')]
  shape.setAttribute('role', 'img')
  shape.setAttribute('aria-label', word ?? '')
  setShape(use, status)
  shape.append(use)
  span.append(shape, text)
  element.append(span)
  return element
}

/** @param {string} name */
const svg = (name) => document.createElementNS('http://www.w3.org/2000/svg', name)

/** @param {Row} row */
function newRow({ name, cells }) {
  const row = document.createElement('tr')
  const head = document.createElement('th')
  head.setAttribute('scope', 'row')
  head.textContent = name
  row.append(head, ...cells.map((cell) => newCell(cell, 'td')))
  return row
}

/** How many rows there is room for: on a wall nobody scrolls. */
function roomFor() {
  const isWall = matchMedia('(min-width: 1000px) and (min-height: 640px)').matches
  const height = byId('queue-rows').firstElementChild?.getBoundingClientRect().height ?? 0
  const rows = byId('queue-rows').children.length
  const space = byId('queues').clientHeight - byId('queue-head').clientHeight
  if (!isWall || height === 0 || space >= rows * height) return rows
  byId('more-queues').hidden = false // Its height counts.
  setText(byId('more-queues'), '…')
  return Math.max(1, Math.floor((space - byId('more-queues').offsetHeight) / height))
}

let shownQueues = ''

/** @param {readonly Cell[]} head @param {readonly Row[]} rows @param {string} caption @param {(n: number) => string} more */
export function showQueues(head, rows, caption, more) {
  const now = JSON.stringify([head, rows, innerWidth, byId('queues').clientHeight])
  if (now === shownQueues) return
  shownQueues = now
  byId('queues').hidden = rows.length === 0
  setText(byId('queues-caption'), caption)
  byId('queue-head').replaceChildren(...head.map((cell) => newCell(cell, 'th')))
  byId('queue-rows').replaceChildren(...rows.map(newRow))
  const shown = roomFor()
  for (const row of [...byId('queue-rows').children].slice(shown)) row.remove()
  byId('more-queues').hidden = shown === rows.length
  setText(byId('more-queues'), more(rows.length - shown))
}
