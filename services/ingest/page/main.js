// Sends a file of scores: chosen, checked, then sent. What was checked is what is sent, byte for byte.
import { render } from './dom.js'
import { buttonById, byId, selectById, setText } from './elements.js'
import { showChoices, showFile, showKind } from './form.js'
import { chosenLanguage, rememberLanguage } from './language.js'
import { showResult } from './result.js'
import { currentSession, forbiddenText, may, sessionParts } from './session.js'
import { importFile, kindsOf, places } from './source.js'
import { canCheck, canSend, choose, state } from './state.js'
import { texts } from './texts.js'

/** @typedef {import('./texts.js').Texts} Texts */

let language = chosenLanguage()
/** Why there is nothing to choose. @type {((t: Texts) => string) | null} */
let notice = null

const t = () => texts[language]

function show() {
  showFile(t())
  showResult(t())
}

function showAll() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = `${state.tenant ?? 'Deskpulse'} · ${t().title}`
  setText('title', t().title)
  setText('about', t().about)
  setText('language', t().languageName)
  setText('result-title', t().resultTitle)
  byId('notice').hidden = notice === null
  setText('notice', notice?.(t()) ?? '')
  const board = /** @type {HTMLAnchorElement} */ (byId('board'))
  board.hidden = state.boardPage === null || !may(state.session, 'board')
  setText('board', t().board)
  const query = state.tenant === null ? '' : `?tenant=${encodeURIComponent(state.tenant)}`
  board.href = `${state.boardPage ?? ''}${query}`
  render(byId('session'), sessionParts(state.session, language, showAll))
  showChoices(t(), language)
  show()
}

/** What stands in the place of an answer. @param {import('./source.js').Answer<unknown>} answer @returns {(t: Texts) => string} */
function failureOf(answer) {
  if (answer.kind !== 'problem') return ({ unreachable }) => unreachable
  const { code, detail, errors = [] } = answer.problem
  if (code === 'forbidden') return () => forbiddenText(language)
  const isFuture = errors.some(({ path }) => path === 'changedAt')
  return ({ problems, future }) => (isFuture ? future : (problems[code] ?? detail))
}

async function findTenants() {
  const [answer, session] = await Promise.all([places(), currentSession()])
  state.session = session
  if (answer.kind === 'ok') {
    const { tenants, boardPage } = answer.body
    const { tenant } = state
    const all = tenant === null || tenants.includes(tenant) ? tenants : [...tenants, tenant]
    Object.assign(state, { tenants: all, boardPage, tenant: tenant ?? all[0] ?? null })
    notice = state.tenant === null ? ({ noTenant }) => noTenant : null
  } else notice = failureOf(answer)
  if (state.tenant !== null && notice === null) await findKinds(state.tenant)
  document.body.dataset['state'] = 'ready'
  showAll()
}

/** @param {string} tenant */
async function findKinds(tenant) {
  const answer = await kindsOf(tenant)
  if (tenant !== state.tenant) return // Another one was picked meanwhile.
  notice = answer.kind === 'ok' ? null : failureOf(answer)
  const kinds = answer.kind === 'ok' ? answer.body.kinds : []
  const isThere = kinds.some(({ kind }) => kind === state.kind)
  choose({ kinds, kind: isThere ? state.kind : (kinds[0]?.kind ?? '') })
}

/** @param {File | undefined} file */
async function takeFile(file) {
  if (file === undefined) return
  const { name, lastModified } = file
  try {
    const bytes = await file.arrayBuffer()
    choose({ file: { name, changedAt: new Date(lastModified).toISOString(), bytes } })
  } catch {
    choose({ file: null })
    state.result = { is: 'failed', text: ({ unreadable }) => unreadable }
  }
  show()
}

/** @param {boolean} dryRun */
async function ask(dryRun) {
  const { tenant, kind, timeZone, file } = state
  if (tenant === null || file === null || !(dryRun ? canCheck() : canSend())) return
  const pressed = buttonById(dryRun ? 'check' : 'send')
  const waiting = (state.result = { is: dryRun ? 'checking' : 'sending' })
  show()
  const answer = await importFile({ tenant, kind, timeZone, ...file }, language, dryRun)
  if (state.result !== waiting) return // Something else was chosen meanwhile.
  state.result =
    answer.kind === 'ok'
      ? { is: dryRun ? 'checked' : 'sent', file: file.name, tenant, imported: answer.body }
      : { is: 'failed', text: failureOf(answer) }
  show()
  keepFocus(pressed)
  byId('summary').scrollIntoView({ block: 'nearest' })
}

/** A button that is disabled while an answer is waited for loses the focus; nobody is to look for it again. @param {HTMLButtonElement} pressed */
function keepFocus(pressed) {
  const { activeElement } = document
  if (activeElement !== document.body && activeElement !== pressed) return
  const next = pressed.disabled ? buttonById('check') : pressed
  next.focus()
}

function listen() {
  const file = /** @type {HTMLInputElement} */ (byId('file'))
  file.addEventListener('click', () => (file.value = '')) // The same file may be chosen again, once it was changed.
  file.addEventListener('change', () => void takeFile(file.files?.[0]))
  for (const name of /** @type {const} */ (['dragover', 'dragleave', 'drop']))
    addEventListener(name, (event) => {
      event.preventDefault() // A browser would open the file in the place of the page.
      byId('drop').classList.toggle('over', name === 'dragover')
      if (name === 'drop') void takeFile(event.dataTransfer?.files[0])
    })
  byId('check').addEventListener('click', () => void ask(true))
  byId('send').addEventListener('click', () => void ask(false))
  byId('form').addEventListener('submit', (event) => event.preventDefault())
  selectById('kind').addEventListener('change', ({ currentTarget }) => {
    choose({ kind: /** @type {HTMLSelectElement} */ (currentTarget).value })
    showKind(t(), language)
    show()
  })
  selectById('zone').addEventListener('change', ({ currentTarget }) => {
    choose({ timeZone: /** @type {HTMLSelectElement} */ (currentTarget).value })
    show()
  })
  selectById('tenant-picker').addEventListener('change', ({ currentTarget }) => {
    const tenant = /** @type {HTMLSelectElement} */ (currentTarget).value
    choose({ tenant })
    show()
    void findKinds(tenant).then(showAll)
  })
  byId('language').addEventListener('click', () => {
    language = language === 'en' ? 'zh' : 'en'
    rememberLanguage(language)
    const address = new URL(location.href)
    address.searchParams.set('lang', language)
    history.replaceState(null, '', address)
    showAll()
    if (state.result.is === 'checked') void ask(true) // Its errors are in the other language.
  })
}

listen()
showAll()
void findTenants()
