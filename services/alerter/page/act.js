// One thing that a person asks for: sent in their name; its outcome stands beside where it was asked.
import { typed } from './form-data.js'
import { forbiddenText, isUnnamed } from './session.js'
import { setAuthor, textsOf } from './state.js'

/**
 * @typedef {import('./state.js').State} State
 * @typedef {ReturnType<typeof acting>} Act
 */

/** @template Body @typedef {import('./source.js').Answer<Body>} Answer */

/** @param {State} state @param {() => void} changed shows the state @param {() => Promise<void>} refresh looks at once */
export function acting(state, changed, refresh) {
  /** @param {string} key @param {import('./state.js').Note} note */
  function note(key, note) {
    state.notes.set(key, note)
    changed()
  }

  /** @param {import('./source.js').Problem} problem */
  function wrongText({ code, detail, errors = [] }) {
    if (code === 'rule-conflict') return textsOf(state).conflict
    if (code === 'forbidden') return forbiddenText(state.language)
    return errors.length === 0
      ? detail
      : errors.map(({ path, expected }) => `${path}: ${expected}`).join(' · ')
  }

  /**
   * @template Body
   * @param {string} key of the form @param {HTMLFormElement} form @param {(author: import('./source.js').Author, said: FormData) => Promise<Answer<Body>>} send
   * @param {string} [doneText] left out: that it is done
   * @returns {Promise<Answer<Body> | null>} `null`: the one before is still under way
   */
  return async (key, form, send, doneText) => {
    if (state.notes.get(key)?.kind === 'busy') return null
    const said = new FormData(form)
    const author = isUnnamed(state.session) ? typed(said, 'author') || state.author : undefined
    if (author !== undefined && author !== state.author) setAuthor(state, author)
    note(key, { kind: 'busy' })
    const answer = await send(author, said)
    const t = textsOf(state)
    if (answer.kind === 'unreachable') note(key, { kind: 'wrong', text: t.failed })
    else if (answer.kind === 'problem')
      note(key, { kind: 'wrong', text: wrongText(answer.problem) })
    else
      note(key, { kind: 'done', text: answer.status === 202 ? t.takenDown : (doneText ?? t.done) })
    await refresh()
    return answer
  }
}
