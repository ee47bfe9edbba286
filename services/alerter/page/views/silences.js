import { h } from '../dom.js'
import { typed } from '../form-data.js'
import { moment } from '../format.js'
import { matcherText } from '../model.js'
import { may } from '../session.js'
import { rulesOf } from '../state.js'
import { ruleChoices } from '../words.js'
import { empty, tag } from './app.js'
import { choice, durationChoice, field, form, oneClick, severityChoices } from './forms.js'

/** @typedef {import('./app.js').App} App @typedef {import('../source.js').Silence} Silence @typedef {keyof import('../texts.js').Texts['on']} On */

const names = /** @type {const} */ ([
  'rule',
  'slice',
  'severity',
  'subject',
  'contact',
  'agent',
  'kind',
  'label',
])
const conditionsMax = 5

/** @param {App} app */
export function silencesView(app) {
  const { state, setting } = app
  const { t } = setting
  const rows = (state.silences ?? []).toSorted(
    (a, b) => Number(a.status === 'over') - Number(b.status === 'over'),
  )
  return h(
    'div',
    { class: 'list', key: 'silences' },
    state.silences !== null && rows.length === 0 && empty(t.noSilences, t.noSilencesText),
    rows.length > 0 &&
      h(
        'ul',
        { key: 'rows' },
        ...rows.map((silence) => h('li', { key: silence.id }, card(app, silence))),
      ),
    may(state.session, 'alerts') && newSilence(app),
  )
}

/** @param {App} app @param {Silence} silence */
function card(app, { id, matchers, author, comment, startsAt, endsAt, status }) {
  const {
    actions,
    setting,
    state: { session },
  } = app
  const { t, language, nowMs } = setting
  const key = `end-${id}`
  const times = `${t.from(moment(startsAt, language, nowMs))} ${t.until(moment(endsAt, language, nowMs))}`
  const state = status === 'in-force' ? 'info' : 'none'
  return h(
    'article',
    { class: status === 'over' ? 'card quieter' : 'card', 'data-status': state },
    h(
      'div',
      { class: 'line-of' },
      h('span', { class: 'word' }, t.silenceStatus[status]),
      h('span', {}, times),
    ),
    h(
      'div',
      { class: 'tags' },
      ...(matchers.length === 0
        ? [tag(t.everyAlert, 'warning')]
        : matchers.map((one) => tag(matcherText(one, setting)))),
    ),
    h('p', {}, h('strong', {}, author), comment !== '' && t.colon + comment),
    status !== 'over' &&
      may(session, 'alerts') &&
      oneClick(app, key, t.endEarly, (element) => actions.endSilence(key, element, id)),
  )
}

/** @param {App} app */
function newSilence(app) {
  const { state, actions, setting } = app
  const { t } = setting
  const key = 'silence-new'
  const conditions = state.matcherOn.map((on, index) =>
    condition(app, /** @type {On} */ (on), index),
  )
  const count = conditions.length
  const buttons = h(
    'div',
    { class: 'actions', key: 'conditions' },
    count < conditionsMax &&
      h(
        'button',
        { type: 'button', onclick: () => actions.matcher(count, 'slice'), key: 'add' },
        t.addMatcher,
      ),
    count > 1 &&
      h(
        'button',
        { type: 'button', onclick: () => actions.matcher(count - 1, null), key: 'remove' },
        t.removeMatcher,
      ),
  )
  return form(
    app,
    key,
    t.silence,
    (element) => actions.silence(key, element, (said) => matchersOf(state.matcherOn, said)),
    {
      title: t.silenceNew,
      fields: [
        h('fieldset', { key: 'matchers' }, h('legend', {}, t.matchers), ...conditions, buttons),
        h(
          'div',
          { class: 'fields', key: 'rest' },
          durationChoice(app),
          field('comment', t.comment, { maxlength: 1_000, autocomplete: 'off' }),
        ),
      ],
    },
  )
}

/** @param {App} app @param {On} on @param {number} index */
function condition(app, on, index) {
  const { actions, setting } = app
  const { t } = setting
  /** @type {[string, string][]} */
  const options = names.map((name) => [name, t.on[name]])
  const onchange = (/** @type {Event} */ event) =>
    actions.matcher(index, /** @type {HTMLSelectElement} */ (event.target).value)
  return h(
    'div',
    { class: 'fields', key: index },
    choice(`on-${index}`, t.matcherOn, options, { value: on, onchange }),
    on === 'label' &&
      field(`label-${index}`, t.matcherLabel, {
        required: true,
        maxlength: 63,
        autocomplete: 'off',
      }),
    valueField(app, on, `value-${index}`),
  )
}

/** Rules and severities are picked; the rest is typed, as alerts say it. @param {App} app @param {On} on @param {string} name */
function valueField({ state, setting }, on, name) {
  const { t } = setting
  const key = `${name}-${on}`
  if (on === 'rule')
    return choice(name, t.matcherValue, ruleChoices(rulesOf(state), setting), {}, key)
  if (on === 'severity') return choice(name, t.matcherValue, severityChoices(t), {}, key)
  const props = {
    required: true,
    maxlength: 600,
    autocomplete: 'off',
    placeholder: on === 'slice' && 'queue=billing',
  }
  return field(name, t.matcherValue, props, key)
}

/** @param {readonly string[]} conditions @param {FormData} said @returns {import('../source.js').Matcher[]} */
function matchersOf(conditions, said) {
  return conditions.map((on, index) => {
    const value = typed(said, `value-${index}`)
    return on === 'label' ? { on, label: typed(said, `label-${index}`), value } : { on, value }
  })
}
