// Forms: who asks, what it says when it worked or not.
import { h } from '../dom.js'
import { isUnnamed } from '../session.js'
import { isNameless } from '../state.js'

/** @typedef {import('./app.js').App} App @typedef {import('./app.js').Child} Child */

/** Asked for where nobody has said so far; then only told, and not at all who has signed in. @param {App} app */
export function authorField({ state, setting: { t } }) {
  if (!isUnnamed(state.session)) return null
  if (state.author !== '') return h('span', { class: 'quiet', key: 'author' }, t.as(state.author))
  const input = h('input', { name: 'author', required: true, maxlength: 128, autocomplete: 'name' })
  return h('label', { key: 'author' }, t.you, input)
}

/** @param {App} app @param {string} key */
export function noteOf({ state }, key) {
  const note = state.notes.get(key)
  if (note === undefined || note.kind === 'busy' || note.text === '') return null
  return h(
    'p',
    { class: note.kind, role: note.kind === 'done' ? 'status' : 'alert', key: 'note' },
    note.text,
  )
}

/** @param {App} app @param {string} key */
export const isBusy = ({ state }, key) => state.notes.get(key)?.kind === 'busy'

/** @typedef {(form: HTMLFormElement, event: SubmitEvent) => unknown} Submit */

/** @param {Submit} submit */
const submitted = (submit) => (/** @type {Event} */ event) => {
  event.preventDefault()
  void submit(
    /** @type {HTMLFormElement} */ (event.currentTarget),
    /** @type {SubmitEvent} */ (event),
  )
}

/** @param {App} app @param {string} key @param {string} label @param {boolean} isMain */
const submitButton = (app, key, label, isMain) =>
  h(
    'button',
    { type: 'submit', class: isMain ? 'main' : false, disabled: isBusy(app, key), key: 'submit' },
    label,
  )

/**
 * @param {App} app @param {string} key @param {string} label of its button @param {Submit} submit
 * @param {{ fields?: readonly Child[], more?: readonly Child[], title?: string, isMain?: boolean }} [parts]
 */
export function form(
  app,
  key,
  label,
  submit,
  { fields = [], more = [], title, isMain = false } = {},
) {
  return h(
    'form',
    { key, onsubmit: submitted(submit), 'aria-label': title ?? label },
    title !== undefined && h('h3', {}, title),
    ...fields,
    h(
      'div',
      { class: 'actions' },
      authorField(app),
      submitButton(app, key, label, isMain),
      ...more,
    ),
    noteOf(app, key),
  )
}

/** A button alone; who asks is asked for when it is pressed and nobody has said so far. @param {App} app @param {string} key @param {string} label @param {Submit} submit @param {{ isMain?: boolean }} [parts] */
export function oneClick(app, key, label, submit, { isMain = false } = {}) {
  const { state, actions } = app
  const isAsked = isNameless(state) && state.asking === key
  const send = submitted((element, event) => {
    if (!isNameless(state) || isAsked) return submit(element, event)
    actions.askAuthor(key)
    return element.querySelector('input')?.focus()
  })
  const parts = [isAsked && authorField(app), submitButton(app, key, label, isMain)]
  return h(
    'form',
    { key, class: 'small', onsubmit: send, 'aria-label': label },
    h('div', { class: 'actions' }, ...parts),
    noteOf(app, key),
  )
}

/** @param {string} name @param {string} label @param {import('../dom.js').Props} props @param {string} [key] */
export const field = (name, label, props, key = name) =>
  h('label', { key }, label, h('input', { name, ...props }))

/** @param {string} name @param {string} label @param {readonly (readonly [value: string, text: string])[]} options @param {import('../dom.js').Props} [props] @param {string} [key] */
export function choice(name, label, options, props = {}, key = name) {
  return h(
    'label',
    { key },
    label,
    h(
      'select',
      { name, ...props },
      ...options.map(([value, text]) => h('option', { value, key: value }, text)),
    ),
  )
}

/** @param {import('../texts.js').Texts} t @returns {[string, string][]} */
export const severityChoices = ({ severity }) => [
  ['info', severity.info],
  ['warning', severity.warning],
  ['critical', severity.critical],
]

/** @param {App} app */
export function durationChoice({ setting: { t } }) {
  const hours = /** @type {const} */ ([1, 2, 4, 8, 24, 72, 168])
  /** @type {[string, string][]} */
  const options = hours.map((n) => [`${n}h`, n < 24 ? `${n} ${t.hours}` : `${n / 24} ${t.days}`])
  return choice('duration', t.forHowLong, [['30m', `30 ${t.minutes}`], ...options], { value: '1h' })
}
