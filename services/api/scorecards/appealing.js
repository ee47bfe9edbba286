// What people do about appeals: pick what one is about, file it, decide.
import { datesOf, hasRoom, isPicked, listsOf, newAppealId, sameAs } from './appeal-items.js'
import { rememberAuthor } from './author.js'
import { typed } from './form-data.js'
import { isUnnamed } from './session.js'
import { decideAppeal, fileAppeal } from './source.js'
import { texts } from './texts.js'

/**
 * @typedef {import('./state.js').State} State
 * @typedef {import('./appeal-items.js').Item} Item
 * @typedef {import('./source.js').Appeal} Appeal
 * @typedef {{ show: () => void, lookSoon: () => void, focusOn: (selector: string) => void }} Page
 */

/** @param {State} state @param {Page} page */
export const appealing = (state, { show, lookSoon, focusOn }) => ({
  /** Picks what an appeal is about, or lets go of it. @param {Item} item */
  pick(item) {
    const draft = (state.draft ??= { appealId: newAppealId(), items: [] })
    if (isPicked(draft.items, item)) draft.items = draft.items.filter((one) => !sameAs(item)(one))
    else if (hasRoom(draft.items, item)) draft.items = [...draft.items, item]
    state.spoken = texts[state.language].pickedSoFar(draft.items.length)
    show()
  },
  discard() {
    state.draft = null
    state.notes.delete('draft')
    focusOn('#appeals-title')
    show()
  },
  /** @param {HTMLFormElement} form */
  async file(form) {
    const { draft, agent } = state
    if (draft === null || agent === null || draft.items.length === 0) return
    const said = new FormData(form)
    const { appealId, items } = draft
    const reason = oneLine(typed(said, 'reason'))
    const filedBy = signed(state, said)
    const about = {
      ...{ appealId, agentId: agent.agentId, period: datesOf(agent), reason },
      ...(filedBy !== undefined && { filedBy }),
    }
    const isTaken = await send(state, show, 'draft', () =>
      fileAppeal(agent.tenant, { ...about, ...listsOf(items) }),
    )
    if (!isTaken || state.agent?.agentId !== agent.agentId) return
    if (state.draft === draft) state.draft = null
    const appeal = filedNow({ filedBy: state.session?.name ?? null, ...about }, items)
    state.sent.set(appealId, { appeal, before: undefined })
    focusOn('#appeals-title')
    lookSoon()
  },
  /** @param {Appeal} appeal @param {HTMLFormElement} form @param {'granted' | 'refused'} decision @param {readonly Item[]} items what of it is granted, in the order of the form */
  async decide(appeal, form, decision, items) {
    const { appealId, decidedAt } = appeal
    const { tenant } = state.place
    const said = new FormData(form)
    const granted = items.filter((_, place) => said.has(`item-${place}`))
    if (decision === 'granted' && granted.length === 0) {
      state.notes.set(appealId, { kind: 'wrong', text: ({ tickSomething }) => tickSomething })
      return show()
    }
    const isWhole = granted.length === items.length
    const decidedBy = signed(state, said)
    const note = oneLine(typed(said, 'note'))
    const isTaken = await send(state, show, appealId, () =>
      decideAppeal(tenant ?? '', appealId, {
        ...{ decision, ...(decidedBy !== undefined && { decidedBy }) },
        ...(note !== '' && { note }),
        ...(decision === 'granted' && !isWhole && listsOf(granted)),
      }),
    )
    if (!isTaken || state.place.tenant !== tenant) return
    state.sent.set(appealId, { appeal, before: decidedAt })
    // From the list of open ones it goes.
    const isListed = state.place.appeals !== null
    focusOn(isListed ? '#open-title' : `#appeal-${CSS.escape(appealId)}`)
    lookSoon()
  },
})

/** A reason is one paragraph. @param {string} text */
const oneLine = (text) => text.replace(/\s+/g, ' ')

/** Who sends it; `undefined`: whoever is signed in. @param {State} state @param {FormData} said */
function signed(state, said) {
  if (!isUnnamed(state.session)) return undefined
  state.author = typed(said, 'author')
  rememberAuthor(state.author)
  return state.author
}

/** @param {State} state @param {() => void} show @param {string} key of the form @param {() => Promise<import('./source.js').Answer<unknown>>} ask */
async function send(state, show, key, ask) {
  if (state.notes.get(key)?.kind === 'busy') return false
  state.notes.set(key, { kind: 'busy' })
  show()
  const answer = await ask()
  if (answer.kind === 'ok') {
    state.notes.delete(key)
    state.spoken = texts[state.language].appealStates['sent'] ?? ''
  } else state.notes.set(key, { kind: 'wrong', text: failureOf(answer) })
  show()
  return answer.kind === 'ok'
}

/** Where ingest is at another address, this server takes nothing. @param {Exclude<import('./source.js').Answer<unknown>, { kind: 'ok' }>} answer @returns {(t: import('./texts.js').Texts) => string} */
function failureOf(answer) {
  if (answer.kind === 'unreachable') return (t) => t.notAnswered
  const { code, detail } = answer
  return code === 'not-found' || code === 'method-not-allowed'
    ? (t) => t.takenElsewhere
    : (t) => t.notTaken(t.problems[code] ?? detail)
}

/** As it is shown until the log has it. @param {Pick<Appeal, 'appealId' | 'agentId' | 'period' | 'reason' | 'filedBy'>} about @param {readonly Item[]} items @returns {Appeal} */
function filedNow(about, items) {
  const { contactIds = [], scores = [], kpis = [] } = listsOf(items)
  return {
    ...{ ...about, state: 'open', filedAt: new Date().toISOString() },
    contacts: contactIds.map((contactId) => ({ contactId, leftOut: false, kept: true })),
    scores: scores.map((score) => ({ ...score, leftOut: false })),
    kpis: kpis.map((kpi) => ({ kpi, leftOut: false })),
    ...{ decidedAt: null, decidedBy: null, note: null },
  }
}
