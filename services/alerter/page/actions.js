// What a person does.
import { acting } from './act.js'
import { typed } from './form-data.js'
import { ruleOfForm } from './rule-model.js'
import { addressOf, rememberLanguage } from './settings.js'
import { ask, tell } from './source.js'
import { kpisOf, lookAtDeliveries, moveTo, setAuthor, settingOf } from './state.js'

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Place} Place
 * @typedef {import('./source.js').Matcher} Matcher
 * @typedef {ReturnType<typeof actionsOf>} Actions
 */

/** @param {State} state @param {() => void} changed shows the state @param {() => Promise<void>} refresh looks at once */
export function actionsOf(state, changed, refresh) {
  const act = acting(state, changed, refresh)
  return {
    ...moves(state, changed, refresh),
    ...aboutAlerts(state, act),
    ...aboutRules(state, changed, act),
    ...aboutEndpoints(state, changed, act),
  }
}

/** @param {State} state */
const tenantOf = ({ place }) => place.tenant ?? ''

/** Where the page is, and how it speaks. @param {State} state @param {() => void} changed @param {() => Promise<void>} refresh */
const moves = (state, changed, refresh) => ({
  /** @param {Partial<Place>} change */
  go(change) {
    moveTo(state, { ...state.place, ...change })
    state.notes.clear()
    history.pushState(null, '', addressOf(state.place, state.language))
    changed()
    void refresh()
  },
  /** @param {import('./settings.js').Language} language */
  speak(language) {
    state.language = language
    rememberLanguage(language)
    history.replaceState(null, '', addressOf(state.place, language))
    changed()
  },
  show: changed,
  /** @param {string} name */
  nameAuthor(name) {
    setAuthor(state, name.trim())
    changed()
  },
  /** Whoever pressed a button has not said who they are. @param {string} key of its form */
  askAuthor(key) {
    state.asking = key
    changed()
  },
  /** The conditions of a new silence. @param {number} index @param {string | null} on `null`: one less */
  matcher(index, on) {
    if (on === null) state.matcherOn.splice(index, 1)
    else state.matcherOn[index] = on
    changed()
  },
  /** @param {string} key @param {boolean} isOpen */
  openGroup(key, isOpen) {
    if (isOpen) state.openGroups.add(key)
    else state.openGroups.delete(key)
  },
  async moreHistory() {
    state.historyRows = Math.min(state.historyRows + 100, 1_000)
    state.history = null
    await refresh()
  },
})

/** @param {State} state @param {import('./act.js').Act} act */
const aboutAlerts = (state, act) => ({
  /** @param {string} key @param {HTMLFormElement} form @param {string} alertId */
  acknowledge: (key, form, alertId) =>
    act(key, form, (author, said) =>
      tell.acknowledge(tenantOf(state), alertId, { author, comment: typed(said, 'comment') }),
    ),
  /** @param {string} key @param {HTMLFormElement} form @param {(said: FormData) => Matcher[]} matchersOf */
  async silence(key, form, matchersOf) {
    const answer = await act(key, form, (author, said) => {
      const [comment, duration] = [typed(said, 'comment'), typed(said, 'duration')]
      return tell.silence(tenantOf(state), {
        author,
        comment,
        matchers: matchersOf(said),
        duration,
      })
    })
    if (answer?.kind === 'ok') form.reset()
  },
  /** @param {string} key @param {HTMLFormElement} form @param {string} id */
  endSilence: (key, form, id) =>
    act(key, form, (author) => tell.endSilence(tenantOf(state), id, author)),
})

/** @param {State} state @param {() => void} changed @param {import('./act.js').Act} act */
const aboutRules = (state, changed, act) => ({
  /** @param {string} key @param {HTMLFormElement} form @param {import('./source.js').Rule} rule */
  saveRule(key, form, rule) {
    const version = state.rules?.version ?? null
    return act(key, form, (author, said) => {
      const changedRule = ruleOfForm(rule, said, settingOf(state), kpisOf(state))
      return tell.rule(tenantOf(state), rule.name, { author, version, rule: changedRule })
    })
  },
  /** @param {string} key @param {HTMLFormElement} form @param {string} name */
  dropRule: (key, form, name) =>
    act(key, form, (author) =>
      tell.dropRule(tenantOf(state), name, author, state.rules?.version ?? null),
    ),
  /** As the form says it, saved or not. @param {string} key @param {HTMLFormElement} form @param {import('./source.js').Rule} rule */
  async tryRule(key, form, rule) {
    state.dryRuns.delete(rule.name)
    const asked = ruleOfForm(rule, new FormData(form), settingOf(state), kpisOf(state))
    const answer = await act(key, form, () => ask.dryRun(tenantOf(state), asked), '')
    if (answer?.kind === 'ok') state.dryRuns.set(rule.name, answer.body)
    changed()
  },
})

/** @param {State} state @param {() => void} changed @param {import('./act.js').Act} act */
const aboutEndpoints = (state, changed, act) => ({
  /** @param {string} key @param {HTMLFormElement} form @param {string} endpoint @param {'enable' | 'test'} what */
  endpoint: (key, form, endpoint, what) =>
    act(key, form, (author) => tell.endpoint(endpoint, what, author)),
  /** @param {string} key @param {HTMLFormElement} form @param {string} endpoint @param {string} id */
  resend: (key, form, endpoint, id) =>
    act(key, form, (author) => tell.resend(endpoint, id, author)),
  /** @param {string} endpoint @param {boolean} isOpen */
  async openDeliveries(endpoint, isOpen) {
    if (isOpen) state.openEndpoints.add(endpoint)
    else state.openEndpoints.delete(endpoint)
    if (isOpen) await lookAtDeliveries(state, endpoint, 20)
    changed()
  },
})
