// Puts what the model says into the document, changing only what differs.

/** @typedef {import('./tiles.js').Tile} Tile */

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

/** @param {Element | null} element @param {string} text */
export function setText(element, text) {
  if (element !== null && element.textContent !== text) element.textContent = text
}

/** @param {HTMLElement} element @param {string | undefined} status */
export function setStatus(element, status) {
  if (status === undefined) delete element.dataset['status']
  else if (element.dataset['status'] !== status) element.dataset['status'] = status
}

/** @param {Element | null} use @param {string} status */
export const setShape = (use, status) => use?.setAttribute('href', `#shape-${status}`)

/** As many children as asked for: made, or the last ones removed. @param {Element} parent @param {number} count @param {() => Element} make */
export function resize(parent, count, make) {
  while (parent.children.length < count) parent.append(make())
  while (parent.children.length > count) parent.lastElementChild?.remove()
}

/** @param {Tile} tile */
function newTile({ id }) {
  const template = /** @type {HTMLTemplateElement} */ (byId('tile-template'))
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true))
  const made = /** @type {HTMLElement} */ (copy.firstElementChild)
  made.id = `tile-${id}`
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

/** The tile in its place, made where it is not there yet. @param {Tile} tile @param {number} place */
function tileAt(tile, place) {
  const element = document.getElementById(`tile-${tile.id}`) ?? newTile(tile)
  const there = byId('tiles').children[place] ?? null
  if (there !== element) byId('tiles').insertBefore(element, there)
  return element
}

/** How wide a figure is, in digits: the type of a tile becomes smaller where that is more than it has room for. @param {Tile} tile */
const digitsOf = ({ value, unit }) => value.length + (unit === '' ? 0 : 0.45 * (unit.length + 1))

/** @param {readonly Tile[]} tiles */
export function showTiles(tiles) {
  tiles.forEach((tile, place) => showTile(tileAt(tile, place), tile))
  for (const gone of [...byId('tiles').children].slice(tiles.length)) gone.remove()
}

/** @param {HTMLElement} element @param {Tile} tile */
function showTile(element, tile) {
  setStatus(element, tile.status)
  setText(element.querySelector('h2'), tile.label)
  setText(element.querySelector('.status span'), tile.word)
  setShape(element.querySelector('use'), tile.status)
  const status = /** @type {HTMLElement} */ (element.querySelector('.status'))
  status.hidden = tile.word === ''
  setText(element.querySelector('.value'), tile.value)
  setText(element.querySelector('.unit'), tile.unit === '' ? '' : `\u00a0${tile.unit}`)
  setText(element.querySelector('.detail'), tile.detail)
  element.style.setProperty('--digits', String(digitsOf(tile)))
  showMeter(element, tile)
}
