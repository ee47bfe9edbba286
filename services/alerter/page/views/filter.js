// Which alerts of the history are listed: it stands in the address, so that a link holds it.
import { h } from '../dom.js'
import { typed } from '../form-data.js'
import { filterOf, noFilter } from '../settings.js'
import { rulesOf } from '../state.js'
import { ruleChoices } from '../words.js'
import { choice, field } from './forms.js'

/** Its key is the tenant and how often the place came from the address: it shows what stands there then, and keeps what is being typed else. @param {import('./app.js').App} app */
export function filterForm({ state, actions, setting }) {
  const { t } = setting
  const { tenant, rule, queue, from, to } = state.place
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault()
    const said = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    actions.go({ alert: null, ...filterOf((name) => typed(said, name)) })
  }
  const onreset = () => actions.go({ alert: null, ...noFilter })
  /** @type {[string, string][]} */
  const any = [['', t.anyRule]]
  const known = rule === null ? rulesOf(state) : [...rulesOf(state), rule]
  return h(
    'form',
    {
      key: `filter-${tenant}-${state.visits}`,
      class: 'filter',
      role: 'search',
      'aria-label': t.filter,
      onsubmit,
      onreset,
    },
    choice('rule', t.rule, any.concat(ruleChoices(known, setting)), { value: rule ?? '' }),
    field('queue', t.queue, { value: queue ?? '', maxlength: 128, autocomplete: 'off' }),
    field('from', t.filterFrom, { type: 'datetime-local', value: localTime(from) }),
    field('to', t.filterTo, { type: 'datetime-local', value: localTime(to) }),
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'submit' }, t.applyFilter),
      h('button', { type: 'reset' }, t.clearFilter),
    ),
  )
}

/** As such a field holds it: of the browser's time zone, to the minute. @param {string | null} instant */
function localTime(instant) {
  if (instant === null) return ''
  const date = new Date(instant)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
