import { h } from '../dom.js'
import { duration, moment } from '../format.js'
import { aboutRule, detailsOfRule, fieldUnit, shownIn, unitOf } from '../rule-model.js'
import { may } from '../session.js'
import { ruleTitle, subjectText } from '../words.js'
import { empty, tag } from './app.js'
import { choice, field, form, isBusy, severityChoices } from './forms.js'

/** @typedef {import('./app.js').App} App @typedef {import('../source.js').RuleRow} RuleRow @typedef {import('../source.js').Rule} Rule */

/** @param {App} app */
export function rulesView(app) {
  const { state, setting } = app
  if (state.rules === null) return h('div', { class: 'list', key: 'rules' })
  const { rows } = state.rules
  if (rows.length === 0)
    return h('div', { class: 'list', key: 'rules' }, empty(setting.t.noRules, ''))
  return h(
    'div',
    { class: 'list', key: 'rules' },
    h('ul', {}, ...rows.map((row) => h('li', { key: row.rule.name }, card(app, row)))),
  )
}

/** @param {App} app @param {RuleRow} row */
function card(app, { rule, origin }) {
  const { setting, kpis, state } = app
  const { t } = setting
  const { name, enabled, severity } = rule
  return h(
    'article',
    { class: enabled ? 'card' : 'card quieter', 'data-status': origin === 'api' ? 'info' : false },
    h(
      'div',
      { class: 'line-of' },
      h('h2', {}, ruleTitle(name, setting)),
      ruleTitle(name, setting) !== name && h('span', { class: 'quiet' }, name),
      tag(enabled ? t.enabled : t.disabled, enabled ? 'ok' : 'none'),
      tag(t.severity[severity], severity),
      tag(t.origin[origin], origin === 'api' ? 'info' : undefined),
    ),
    h('p', { class: 'text' }, aboutRule(rule, setting, kpis)),
    h('p', { class: 'quiet' }, detailsOfRule(rule, setting).join(' · ')),
    may(state.session, 'alerts') &&
      h('details', {}, h('summary', {}, t.change), changeForm(app, rule, origin)),
    state.dryRuns.has(name) && dryRunResult(app, rule),
  )
}

/** Its key is the version: a form begins anew when the rules have changed. @param {App} app @param {Rule} rule @param {RuleRow['origin']} origin */
function changeForm(app, rule, origin) {
  const { actions, setting, state } = app
  const { t } = setting
  const key = `rule-${rule.name}`
  const isTrying = isBusy(app, `try-${rule.name}`)
  const canTry =
    rule.kind === 'windowed' || ['contact', 'agent', 'source'].includes(rule.subject ?? '')
  /** @param {HTMLFormElement} element @param {SubmitEvent} event */
  const submit = (element, event) => {
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter)
    if (button?.value === 'try') return actions.tryRule(`try-${rule.name}`, element, rule)
    if (button?.value === 'drop') return actions.dropRule(key, element, rule.name)
    return actions.saveRule(key, element, rule)
  }
  const buttons = [
    canTry &&
      h(
        'button',
        { type: 'submit', value: 'try', disabled: isTrying, formnovalidate: true, key: 'try' },
        isTrying ? t.trying : t.tryIt,
      ),
    origin === 'api' && h('button', { type: 'submit', value: 'drop', key: 'drop' }, t.putBack),
  ]
  const wrong = state.notes.get(`try-${rule.name}`)
  return h(
    'div',
    { key: state.rules?.version ?? 'first' },
    form(app, key, t.save, submit, { fields: [fieldsOf(app, rule)], more: buttons, isMain: true }),
    wrong?.kind === 'wrong' && h('p', { class: 'wrong', role: 'alert' }, wrong.text),
  )
}

/** @param {App} app @param {Rule} rule */
function fieldsOf({ setting, kpis }, rule) {
  const { t } = setting
  const number = { type: 'number', step: 'any', required: true, inputmode: 'decimal' }
  const { text, factor } = fieldUnit(rule.kind === 'windowed' ? unitOf(rule, kpis) : 'ms', setting)
  const limits =
    rule.kind === 'windowed'
      ? [
          field('threshold', t.thresholdIn(text), {
            ...number,
            value: shownIn(rule.threshold ?? 0, factor),
          }),
          field('recovery', t.recoveryIn(text), {
            ...number,
            value: shownIn(rule.recovery ?? 0, factor),
          }),
        ]
      : rule.limit === undefined
        ? []
        : [
            field('limit', t.limitIn(t.seconds), {
              ...number,
              min: 1,
              value: shownIn(rule.limit, 1_000),
            }),
          ]
  return h(
    'div',
    { class: 'fields', key: 'fields' },
    ...limits,
    choice('severity', t.severityOf, severityChoices(t), { value: rule.severity }),
    h(
      'label',
      { class: 'check', key: 'enabled' },
      h('input', { type: 'checkbox', name: 'enabled', checked: rule.enabled }),
      t.enabled,
    ),
  )
}

/** @param {App} app @param {Rule} rule */
function dryRunResult({ state, setting }, rule) {
  const { t, language, nowMs } = setting
  const run = /** @type {import('../source.js').DryRun} */ (state.dryRuns.get(rule.name))
  const at = (/** @type {string} */ time) => moment(time, language, nowMs)
  const read =
    run.entries === null ? '' : ` · ${t.entriesRead(run.entries.toLocaleString(language))}`
  const rows = run.alerts
    .slice(0, 10)
    .map(({ subject, startedAt, endedAt, value, late, retracted }, index) => {
      const marks = [late ? t.late : '', retracted ? t.retracted : ''].filter(Boolean).join(t.comma)
      const shown = rule.kind === 'deadline' && value !== null ? duration(value, t) : ''
      const times = `${at(startedAt)} – ${endedAt === null ? t.stillFiring : at(endedAt)}`
      return h(
        'li',
        { key: index },
        h('time', {}, times),
        h('span', {}, [subjectText(subject, setting), shown, marks].filter(Boolean).join(' · ')),
      )
    })
  return h(
    'section',
    {
      key: 'dry-run',
      class: 'banner',
      role: 'status',
      'data-status': run.notified === 0 ? 'ok' : 'warning',
    },
    h('strong', {}, t.wouldHave(run.notified)),
    run.count > run.notified &&
      h('span', { class: 'quiet' }, t.notNotified(run.count - run.notified)),
    h('span', { class: 'quiet' }, t.covered(at(run.from), at(run.to)) + read),
    run.notes.length > 0 &&
      h(
        'span',
        { class: 'quiet' },
        run.notes.map(({ code, text }) => t.notes[code] ?? text).join(' '),
      ),
    rows.length > 0 &&
      h(
        'ol',
        { class: 'course' },
        rows.length < run.count && h('li', { key: 'first' }, t.firstOnes(rows.length)),
        ...rows,
      ),
  )
}
