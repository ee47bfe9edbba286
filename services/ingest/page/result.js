// What a check or a sending came to.
import { byId, element, headCells, setText, tableRow } from './elements.js'
import { state } from './state.js'

/** @typedef {import('./texts.js').Texts} Texts */
/** @typedef {import('./source.js').ImportError} ImportError */
/** @typedef {Extract<import('./state.js').Result, { imported: object }>} Answered */

/** @param {Texts} t */
export function showResult(t) {
  const { result } = state
  const imported = result.is === 'checked' || result.is === 'sent' ? result.imported : null
  const summary = byId('summary')
  summary.dataset['status'] = statusOf()
  const text = summaryOf(t)
  if (summary.textContent !== text)
    summary.replaceChildren(...(text === '' ? [] : [shape(statusOf()), element('span', text)]))
  const errors = imported?.errors ?? []
  const isCut = imported !== null && imported.errorCount > errors.length
  byId('more').hidden = !isCut
  setText('more', isCut ? t.firstOnes(errors.length) : '')
  byId('errors-frame').hidden = errors.length === 0
  byId('errors-frame').ariaLabel = summaryOf(t)
  byId('errors-head').replaceChildren(...headCells(t.errorsHead))
  byId('errors').replaceChildren(...errors.map((error) => errorRow(error, t)))
}

/** @returns {'ok' | 'wrong' | 'busy' | 'none'} */
function statusOf() {
  const { result } = state
  switch (result.is) {
    case 'none':
      return 'none'
    case 'checking':
    case 'sending':
      return 'busy'
    case 'failed':
      return 'wrong'
    default:
      return result.imported.errorCount === 0 ? 'ok' : 'wrong'
  }
}

/** @param {Texts} t */
function summaryOf(t) {
  const { result } = state
  switch (result.is) {
    case 'none':
      return ''
    case 'checking':
    case 'sending':
      return t[result.is]
    case 'failed':
      return result.text(t)
    default:
      return countsOf(result, t)
  }
}

/** @param {Answered} result @param {Texts} t */
function countsOf({ is, file, tenant, imported }, t) {
  const { rows, accepted, refused, errorCount } = imported
  if (errorCount > 0) return accepted > 0 ? t.partly(accepted, refused) : t.wrong(errorCount, file)
  if (rows === 0) return t.noRows
  return is === 'sent' ? t.sent(accepted, tenant) : t.right(rows, tenant)
}

/** @param {string} status */
function shape(status) {
  const names = 'http://www.w3.org/2000/svg'
  const [svg, use] = [
    document.createElementNS(names, 'svg'),
    document.createElementNS(names, 'use'),
  ]
  svg.setAttribute('aria-hidden', 'true')
  use.setAttribute('href', `#shape-${status}`)
  svg.append(use)
  return svg
}

/** @param {ImportError} error @param {Texts} t */
const errorRow = ({ line, column, expected, got }, t) =>
  tableRow([String(line), column ?? t.wholeRow, expected, got === '' ? t.nothing : (got ?? '')])
