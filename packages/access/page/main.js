// Takes a key, which begins a session, and leads on to the page that asked for one. The key stands in its field and nowhere else.
import { render } from './dom.js'
import { chosenLanguage, rememberLanguage } from './language.js'
import { destination } from './place.js'
import { sessionParts } from './session.js'
import { hasProvider, sessionNow, signIn } from './source.js'
import { texts } from './texts.js'

/** @typedef {import('./source.js').Answer} Answer */

const asked = new URLSearchParams(location.search)
const to = destination(asked.get('to'), location.origin)
const isFromBoard = asked.get('from') === 'board'
const failed = asked.get('failed')

let language = chosenLanguage()
/** @type {import('./session.js').Session | null} */
let session = null
/** Why a session that there was is over. @type {keyof import('./texts.js').Texts['ended'] | null} */
let ended = isFromBoard ? 'board' : failedOf(failed)
/** People sign in at an OpenID provider, too. */
let isProvided = false
/** What became of the last try. @type {Exclude<Answer, { kind: 'session' }> | { kind: 'none' } | { kind: 'missing' } | { kind: 'busy' }} */
let result = { kind: 'none' }

/** What became of signing in at the provider. @param {string | null} said @returns {'provider' | 'again' | 'role' | null} */
function failedOf(said) {
  return said === 'provider' || said === 'again' || said === 'role' ? said : null
}

const t = () => texts[language]
/** @param {string} id @returns {HTMLElement} */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))
const field = /** @type {HTMLInputElement} */ (byId('key'))
const button = /** @type {HTMLButtonElement} */ (byId('sign-in'))

/** @returns {string} empty: nothing is wrong */
function wrongText() {
  switch (result.kind) {
    case 'none':
    case 'busy':
      return ''
    case 'too-many':
      return t().tooMany(result.seconds)
    case 'refused':
      return t()[result.reason === null || result.reason === 'over' ? 'unknown' : result.reason]
    default:
      return t()[result.kind]
  }
}

/** @param {string} id @param {string} text empty: it is not there */
function say(id, text) {
  byId(id).hidden = text === ''
  if (byId(id).textContent !== text) byId(id).textContent = text
}

function show() {
  const isBusy = result.kind === 'busy'
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = `Deskpulse · ${t().title}`
  say('title', t().title)
  say('language', t().languageName)
  say('why', ended === null ? '' : t().ended[ended])
  byId('open').hidden = session?.mode !== 'open'
  say('open-text', t().open)
  say('go-on', t().goOn)
  byId('go-on').setAttribute('href', to)
  byId('form').hidden = session?.mode === 'open'
  byId('provider').hidden = !isProvided
  setProvider()
  say('key-label', t().key)
  say('key-about', t().about)
  say('wrong', wrongText())
  field.ariaInvalid = wrongText() === '' ? null : 'true'
  say('sign-in', isBusy ? t().signingIn : t().signIn)
  button.disabled = isBusy
  render(byId('session'), sessionParts(session, language, show))
}

function setProvider() {
  const link = byId('provider-link')
  const { pathname, search } = new URL(to)
  link.setAttribute('href', `/sign-in/provider?${new URLSearchParams({ to: pathname + search })}`)
  if (link.textContent !== t().provider) link.textContent = t().provider
}

async function submit() {
  if (result.kind === 'busy') return
  const key = field.value.trim()
  result = { kind: key === '' ? 'missing' : 'busy' }
  show()
  if (key !== '') {
    const answer = await signIn(key)
    if (answer.kind === 'session') {
      field.value = ''
      return location.replace(to)
    }
    result = answer
    show()
  }
  field.focus()
  field.select()
}

/** Who is signed in already, or was until now. */
async function findSession() {
  const [answer, provided] = await Promise.all([sessionNow(), hasProvider()])
  isProvided = provided
  if (answer.kind === 'session') session = answer.session
  const reason = answer.kind === 'refused' ? answer.reason : null
  if (ended === null && (reason === 'over' || reason === 'revoked' || reason === 'expired'))
    ended = reason
  document.body.dataset['state'] = 'ready'
  show()
  if (session?.mode !== 'open') field.focus()
}

byId('form').addEventListener('submit', (event) => {
  event.preventDefault()
  void submit()
})
byId('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh'
  rememberLanguage(language)
  const address = new URL(location.href)
  address.searchParams.set('lang', language)
  history.replaceState(null, '', address)
  show()
})

show()
void findSession()
