// What people say about appeals: what one is about and why, and how it is decided.
import { hasRoom, isPicked, itemsOf } from '../appeal-items.js'
import { h } from '../dom.js'
import { isUnnamed, may } from '../session.js'
import { itemName } from './app.js'

/** @typedef {import('./app.js').App} App */
/** @typedef {import('./app.js').Child} Child */
/** @typedef {import('../appeal-items.js').Item} Item */

/** Whether who is signed in may file and decide appeals. @param {App} app */
export const mayAppeal = ({ state }) => may(state.session, 'ingest')

/** Picks what is in a row, or a KPI, or lets go of it. @param {App} app @param {Item} item @param {string} text */
export function pickButton(app, item, text) {
  const { state, actions, setting } = app
  const { t } = setting
  const items = state.draft?.items ?? []
  const picked = isPicked(items, item)
  return h(
    'button',
    {
      ...{ type: 'button', class: 'pick', 'aria-pressed': picked ? 'true' : 'false' },
      ...{ title: t.appealAbout(itemName(app, item)), key: 'pick' },
      disabled: !picked && !hasRoom(items, item),
      onclick: () => actions.pick(item),
    },
    picked ? `✓ ${t.picked}` : text,
    h('span', { class: 'unseen' }, `, ${itemName(app, item)}`),
  )
}

/** An appeal that is being written. @param {App} app @param {import('../state.js').Draft} draft */
export function draftForm(app, { appealId, items }) {
  const { actions, setting } = app
  const { t } = setting
  return form(
    { key: `draft-${appealId}`, class: 'draft', 'aria-labelledby': 'draft-title' },
    (element) => actions.file(element),
    h('h3', { id: 'draft-title' }, t.newAppeal),
    items.length === 0
      ? h('p', { class: 'quiet', key: 'nothing' }, t.nothingPicked)
      : h('ul', { class: 'chips', key: 'items' }, ...items.map((item) => pickedItem(app, item))),
    h(
      'label',
      {},
      t.reason,
      h('textarea', { name: 'reason', required: true, maxlength: 1_000, rows: 3 }),
    ),
    authorField(app),
    noteOf(app, 'draft'),
    h(
      'div',
      { class: 'actions' },
      h(
        'button',
        { type: 'submit', class: 'main', disabled: items.length === 0 || isBusy(app, 'draft') },
        t.fileAppeal,
      ),
      h('button', { type: 'button', onclick: actions.discard }, t.discard),
    ),
  )
}

/** @param {App} app @param {Item} item */
function pickedItem(app, item) {
  const name = itemName(app, item)
  const label = app.setting.t.letGo(name)
  return h(
    'li',
    { class: 'chip', key: `${item.kind} ${item.id}` },
    name,
    h(
      'button',
      {
        ...{ type: 'button', class: 'let-go', 'aria-label': label, title: label },
        onclick: () => app.actions.pick(item),
      },
      '✕',
    ),
  )
}

/** In whole, in part, or not at all; another one after it stands in its place. @param {App} app @param {import('../source.js').Appeal} appeal */
export function decisionForm(app, appeal) {
  const { actions, setting } = app
  const { t } = setting
  const { appealId, decidedAt } = appeal
  const items = itemsOf(appeal)
  return h(
    'details',
    { class: 'decide', key: `decide ${decidedAt}` },
    h('summary', {}, decidedAt === null ? t.decide : t.decideAgain),
    form(
      { 'aria-label': t.decide },
      (element, by) => {
        const decision = by === 'refused' ? 'refused' : 'granted'
        return actions.decide(appeal, element, decision, items)
      },
      h(
        'fieldset',
        {},
        h('legend', {}, t.whatToLeaveOut),
        ...items.map((item, place) =>
          h(
            'label',
            { class: 'check', key: place },
            h('input', {
              ...{ type: 'checkbox', name: `item-${place}` },
              checked: decidedAt === null || item.leftOut,
            }),
            h('span', {}, itemName(app, item), !item.kept && ` · ${t.notKnown}`),
          ),
        ),
      ),
      h('label', {}, t.note, h('input', { name: 'note', maxlength: 1_000, autocomplete: 'off' })),
      authorField(app),
      noteOf(app, appealId),
      h(
        'div',
        { class: 'actions' },
        decisionButton(app, appealId, 'granted', t.grant),
        decisionButton(app, appealId, 'refused', t.refuse),
      ),
    ),
  )
}

/** @param {App} app @param {string} appealId @param {string} value @param {string} text */
const decisionButton = (app, appealId, value, text) =>
  h('button', { ...{ type: 'submit', value, key: value }, disabled: isBusy(app, appealId) }, text)

/** @param {import('../dom.js').Props} props @param {(form: HTMLFormElement, by: string) => unknown} send `by`: the value of the button @param {readonly Child[]} parts */
function form(props, send, ...parts) {
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault()
    const { submitter, currentTarget } = /** @type {SubmitEvent} */ (event)
    const by = /** @type {HTMLButtonElement | null} */ (submitter)
    return send(/** @type {HTMLFormElement} */ (currentTarget), by?.value ?? '')
  }
  return h('form', { ...props, onsubmit }, ...parts)
}

/** The name that the browser remembers; somebody else may be at it. Who has signed in has one. @param {App} app */
const authorField = ({ state, setting: { t } }) =>
  isUnnamed(state.session) &&
  h(
    'label',
    {},
    t.you,
    h('input', {
      ...{ name: 'author', value: state.author, required: true, maxlength: 128 },
      ...{ autocomplete: 'name', pattern: '.*\\S.*' },
    }),
  )

/** @param {App} app @param {string} key */
const isBusy = ({ state }, key) => state.notes.get(key)?.kind === 'busy'

/** @param {App} app @param {string} key */
function noteOf({ state, setting: { t } }, key) {
  const note = state.notes.get(key)
  if (note === undefined) return null
  if (note.kind === 'busy') return h('p', { class: 'quiet', key: 'note' }, t.sending)
  return h('p', { class: 'wrong', role: 'alert', key: 'note' }, note.text(t))
}
