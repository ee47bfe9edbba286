// What can be chosen.
import {
  buttonById,
  byId,
  element,
  fillSelect,
  headCells,
  selectById,
  setText,
  tableRow,
} from './elements.js'
import { templateAddress } from './source.js'
import { canCheck, canSend, isBusy, kindChosen, state, zones } from './state.js'

/** @typedef {import('./texts.js').Texts} Texts */
/** @typedef {import('./language.js').Language} Language */

/** The choices, once they are known and where the language changes. @param {Texts} t @param {Language} language */
export function showChoices(t, language) {
  const { tenants, tenant, kinds, kind, timeZone } = state
  byId('tenants').hidden = tenant === null
  setText('tenants-label', t.tenant)
  fillSelect(
    selectById('tenant-picker'),
    tenants.map((name) => [name, name]),
    tenant ?? '',
  )
  fillSelect(
    selectById('kind'),
    kinds.map((one) => [one.kind, one.title[language]]),
    kind,
  )
  fillSelect(
    selectById('zone'),
    zones().map((zone) => [zone, zone]),
    timeZone,
  )
  showLabels(t)
  showKind(t, language)
}

/** @param {Texts} t */
function showLabels(t) {
  setText('kind-title', t.kindTitle)
  setText('kind-label', t.kind)
  setText('file-title', t.fileTitle)
  setText('file-label', t.file)
  setText('zone-label', t.zone)
  setText('send-title', t.sendTitle)
  setText('send-about', t.sendAbout)
  setText('check', t.check)
  setText('send', t.send)
}

/** What the chosen kind is for, and its columns. @param {Texts} t @param {Language} language */
export function showKind(t, language) {
  const kind = kindChosen()
  byId('form').hidden = kind === undefined
  if (kind === undefined || state.tenant === null) return
  setText('kind-description', kind.description[language])
  setText('template', t.template)
  const template = /** @type {HTMLAnchorElement} */ (byId('template'))
  template.href = templateAddress(state.tenant, kind.kind, language)
  setText('columns-title', `${t.columnsTitle} (${kind.columns.length})`)
  byId('columns-frame').ariaLabel = t.columnsTitle
  byId('columns-head').replaceChildren(...headCells(t.columnsHead))
  const rows = kind.columns.map(({ name, required, example }) =>
    tableRow([name[language], required ? t.required : '', example[language]]),
  )
  byId('columns').replaceChildren(...rows)
}

/** @param {Texts} t */
export function showFile(t) {
  const { file } = state
  byId('file-name').replaceChildren(element('span', file?.name ?? t.noFile))
  buttonById('check').disabled = !canCheck()
  buttonById('send').disabled = !canSend()
  byId('form').ariaBusy = String(isBusy())
}
