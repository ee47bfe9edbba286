// Looks at the tenant each second and shows what it saw. Between two looks the longest waits tick.
import { clock } from './figures.js'
import { queueColumns } from './queue-columns.js'
import { queueRows } from './queue-rows.js'
import { restartPages, showQueues } from './queues.js'
import { render } from './dom.js'
import { byId, setText, showTiles } from './render.js'
import { currentSession, forbiddenText, isOfBoard, may, sessionParts } from './session.js'
import { askedTenant, chosenLanguage, nameInAddress, rememberLanguage } from './settings.js'
import { lookAt, places } from './source.js'
import { texts } from './texts.js'
import { tilesOf } from './tiles.js'
import { isCut } from './values.js'
import { showWelcome } from './welcome.js'

const everyMs = 1_000

/** @typedef {Extract<import('./source.js').Look, { kind: 'seen' }>} Seen */

let language = chosenLanguage()
/** @type {string | null} */
let tenant = askedTenant()
/** @type {string[]} */
let tenants = []
/** @type {string | null} */
let alertsPage = null
/** @type {string | null} */
let importPage = null
let look = tenant === null ? null : lookAt(tenant)
/** @type {{ seen: Seen, asOfMs: number, atMs: number } | null} What was seen last, and when its log time was seen first. */
let last = null
/** @type {import('./session.js').Session | null} */
let session = null
/** @type {'starting' | 'live' | 'stale' | 'unreachable' | 'store-away' | 'forbidden' | 'unknown-tenant' | 'no-tenant'} */
let state = 'starting'
let spoken = ''

const t = () => texts[language]

/** @param {Seen} seen */
function take(seen) {
  const asOfMs = Date.parse(seen.live.asOf)
  last = { seen, asOfMs, atMs: last?.asOfMs === asOfMs ? last.atMs : performance.now() }
  state = seen.live.stale || isAstray(seen) ? 'stale' : 'live'
}

/** Log time does not go with the clocks. @param {Seen} seen */
const isAstray = ({ live: { clock } }) =>
  clock !== null && clock.problem !== 'append' && clock.problem !== 'sender'

/** The tenants that there are; the first of them, where none is asked for. */
async function findTenants() {
  const found = await places()
  if (found === 'forbidden') {
    state = found
    return
  }
  tenants = found.tenants
  alertsPage = found.alertsPage
  importPage = found.importPage
  if (tenant === null && tenants[0] !== undefined) {
    tenant = tenants[0]
    look = lookAt(tenant)
  }
  if (tenant === null) state = 'no-tenant'
  else if (!tenants.includes(tenant)) state = 'unknown-tenant'
  else if (state === 'no-tenant' || state === 'unknown-tenant') state = 'starting'
}

const isEmpty = () => state === 'no-tenant' || state === 'unknown-tenant'

async function refresh() {
  const [found] = await Promise.all([session ?? currentSession(), lookAgain()])
  session = found
}

async function lookAgain() {
  if (tenants.length === 0 || isEmpty()) {
    try {
      await findTenants()
    } catch {
      state = 'unreachable'
      return
    }
  }
  if (isEmpty() || look === null || tenants.length === 0) return
  const asked = look
  const seen = await asked()
  if (asked !== look) return // Another tenant was picked meanwhile.
  if (seen.kind === 'seen') take(seen)
  else state = seen.kind
}

/** Log time of this instant: it goes on between two looks, but not where nothing new is known. */
const nowMs = () =>
  last === null ? 0 : last.asOfMs + (state === 'live' ? performance.now() - last.atMs : 0)

/** Records that the values lack, and nobody has acknowledged. */
const lost = () => last?.seen.live.incomplete

const bannerText = () => {
  const missing = lost()
  if (!isLate() && missing !== undefined)
    return t().incomplete(missing.records, new Date(missing.since).toLocaleString(language))
  const at = last === null ? '' : clock(last.asOfMs, language)
  if (state === 'forbidden') return forbiddenText(language)
  if (state === 'stale') return staleText(at)
  if (state === 'unreachable') return last === null ? t().neverReached : t().unreachable(at)
  return last === null ? t().neverRead : t().storeAway(at)
}

/** @param {string} at */
function staleText(at) {
  if (last === null || !isAstray(last.seen)) return t().stale(at)
  return last.seen.live.clock?.problem === 'ahead' ? t().clockAhead(at) : t().clockJumped(at)
}

const isLate = () =>
  state === 'stale' || state === 'unreachable' || state === 'store-away' || state === 'forbidden'

function connectionText() {
  if (state === 'starting') return t().starting
  if (state === 'live' && last !== null)
    return `${t().live} · ${t().asOf(clock(last.asOfMs, language))}`
  if (state === 'forbidden') return ''
  return state === 'stale' ? t().staleWord : isLate() ? t().offlineWord : ''
}

function showBoard() {
  if (last === null) return
  const setting = { t: t(), language, nowMs: nowMs() }
  const tiles = tilesOf(last.seen, setting)
  showTiles(tiles)
  const cut = isCut(last.seen)
  const about = t().footer(tiles.filter(({ recent }) => recent).map(({ label }) => label))
  setText(byId('footer-text'), cut ? `${about} ${t().queuesCut}` : about)
  // Last of what takes room: the queues are given the rest.
  const columns = queueColumns(last.seen, setting)
  showQueues({
    columns,
    rows: queueRows(columns, last.seen, setting),
    isCut: cut,
    setting,
  })
  speak(
    tiles
      .map(({ label, word }) => (word === '' ? '' : `${label}: ${word}`))
      .filter(Boolean)
      .join('. '),
  )
}

/** A listener hears what changed for the better or worse, not every second. @param {string} text */
function speak(text) {
  if (text === spoken) return
  spoken = text
  setText(byId('spoken'), text)
}

function show() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.body.dataset['state'] =
    state === 'store-away' || state === 'forbidden' ? 'unreachable' : state
  const empty = isEmpty()
  byId('board').hidden = empty || last === null
  byId('welcome').hidden = !empty
  const isOdd = isLate() || lost() !== undefined
  byId('banner').hidden = !isOdd
  if (isOdd) setText(byId('banner'), bannerText())
  setText(byId('connection-text'), connectionText())
  setText(byId('clock'), clock(Date.now(), language))
  setText(byId('tenant'), tenant ?? 'Deskpulse')
  setText(byId('language'), t().languageName)
  byId('language').lang = t().switchTo
  byId('footer').hidden = empty || last === null
  document.title = tenant === null ? 'Deskpulse' : `${tenant} · Deskpulse`
  showPicker()
  showLink('scorecards', may(session, 'read') ? '/scorecards' : null, t().scorecards)
  showLink('alerts', may(session, 'read') ? alertsPage : null, t().alerts)
  showLink('imports', may(session, 'ingest') ? importPage : null, t().imports)
  render(byId('session'), isOfBoard(session) ? [] : sessionParts(session, language, show))
  if (empty) showWelcome(t(), state === 'no-tenant' ? null : tenant, tenants)
  else showBoard()
}

/** To another page of the tenant, in the same language. @param {string} id @param {string | null} page @param {string} text */
function showLink(id, page, text) {
  const link = /** @type {HTMLAnchorElement} */ (byId(id))
  link.hidden = page === null || tenant === null
  setText(link.querySelector('span') ?? link, text)
  if (page !== null && tenant !== null)
    link.href = `${page}?${new URLSearchParams({ tenant, lang: language })}`
}

function showPicker() {
  byId('tenants').hidden = tenants.length < 2
  setText(byId('tenants-label'), t().pick)
  const picker = /** @type {HTMLSelectElement} */ (byId('tenant-picker'))
  if (picker.options.length !== tenants.length)
    picker.replaceChildren(...tenants.map((name) => new Option(name, name)))
  if (tenant !== null && document.activeElement !== picker) picker.value = tenant
}

byId('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh'
  rememberLanguage(language)
  nameInAddress('lang', language)
  show()
})

byId('tenant-picker').addEventListener('change', (event) => {
  tenant = /** @type {HTMLSelectElement} */ (event.target).value
  nameInAddress('tenant', tenant)
  look = lookAt(tenant)
  last = null
  state = 'starting'
  byId('tiles').replaceChildren()
  restartPages()
  void refresh().then(show)
})

async function run() {
  for (;;) {
    const startedMs = performance.now()
    await refresh()
    show()
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(100, everyMs - (performance.now() - startedMs))),
    )
  }
}

setInterval(show, 250)
show()
void run()
