// The bar above a table of several pages: which queues are over their limit on any of them, and which page this is.
import { byId, resize, setShape, setStatus, setText } from './render.js'

/**
 * @typedef {{ over: readonly { name: string, over: string }[], queues: number, isCut: boolean, page: number, count: number, isStopped: boolean }} Bar
 * `over`: queues with customers over their limit, and how many; `queues`: how many are shown, `isCut`: of more; `page`: from 0, of `count`
 */

const namedMax = 3

/** @param {Bar} bar @param {import('./texts.js').Texts} t */
export function showBar({ over, queues, isCut, page, count, isStopped }, t) {
  showOver(over, isCut ? t.noneOverShown(queues) : t.noneOver(queues), t)
  const number = `${page + 1}/${count}`
  const action = isStopped ? t.turnPages : t.stopPages
  const button = byId('page')
  setText(byId('page-number'), number)
  setShape(button.querySelector('use'), isStopped ? 'turn' : 'stop')
  button.setAttribute('aria-label', `${t.page(number)}, ${action}`)
  button.title = `${action} · ${t.pageKeys}`
}

/** @param {Bar['over']} over @param {string} none what is said where none is over its limit @param {import('./texts.js').Texts} t */
function showOver(over, none, t) {
  const status = over.length > 0 ? 'breach' : 'ok'
  setStatus(byId('over-limit'), status)
  setShape(byId('over-limit').querySelector('use'), status)
  setText(byId('over-title'), over.length > 0 ? t.queuesOver : none)
  const named = over.slice(0, namedMax)
  resize(byId('over-queues'), named.length, newItem)
  named.forEach(({ name, over }, n) => {
    const item = byId('over-queues').children[n]
    item?.setAttribute('title', name)
    setText(item?.firstElementChild ?? null, name)
    setText(item?.lastElementChild ?? null, over)
  })
  const more = over.length - namedMax
  byId('over-more').hidden = more <= 0
  byId('over-more').title = t.moreOver(more)
  setText(byId('over-more'), `+${more}`)
}

function newItem() {
  const item = document.createElement('li')
  item.append(document.createElement('span'), document.createElement('b'))
  return item
}
