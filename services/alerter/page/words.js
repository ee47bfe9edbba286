// How rules, slices and subjects are called: the words of the server's messages.

/**
 * @typedef {{ rules: Record<string, string>, subjects: Record<string, string>, dimensions: Record<string, string>,
 *   values: Record<string, Record<string, string>>, states: Record<string, string>, periods: Record<string, string>, warning: string }} Words
 * @typedef {{ t: import('./texts.js').Texts, words: Words }} Speech
 */

/** Before the server has said any. @type {Words} */
export const noWords = {
  rules: {},
  subjects: {},
  dimensions: {},
  values: {},
  states: {},
  periods: {},
  warning: '',
}

/** @param {Record<string, string> | undefined} words @param {string} name @returns {string | undefined} */
const own = (words, name) =>
  words !== undefined && Object.hasOwn(words, name) ? words[name] : undefined

/** Percent-encoded or not. @param {string} text */
export function readable(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Dimensions and values of a slice's text; `isEvery`: a star, which is every value. @param {string} slice @returns {{ dimension: string, value: string, isEvery: boolean }[]} */
function partsOf(slice) {
  if (slice === 'all') return []
  return slice.split(',').map((part) => {
    const at = part.indexOf('=')
    const text = part.slice(at + 1)
    return { dimension: part.slice(0, at), value: readable(text), isEvery: text === '*' }
  })
}

/** `null`: the slice is of no queue. @param {string} slice */
export const queueOf = (slice) =>
  partsOf(slice).find(({ dimension }) => dimension === 'queue')?.value ?? null

/** `queue billing, live contacts`; `all`. @param {string} slice @param {Speech} speech */
export function sliceText(slice, { t, words }) {
  const parts = partsOf(slice).map(({ dimension, value, isEvery }) => {
    const name = own(words.dimensions, dimension) ?? dimension
    return isEvery ? t.each(name) : (own(words.values[dimension], value) ?? `${name} ${value}`)
  })
  return parts.length === 0 ? t.everything : parts.join(t.comma)
}

/** @param {string} rule @param {Speech} speech */
export function ruleTitle(rule, { words }) {
  const isWarning = rule.endsWith('.warning')
  const name = isWarning ? rule.slice(0, -'.warning'.length) : rule
  return (own(words.rules, name) ?? name) + (isWarning ? words.warning : '')
}
/** @param {string} state @param {Speech} speech */
export const stateText = (state, { words }) => own(words.states, state) ?? state
/** @param {string} channel @param {Speech} speech */
export const channelText = (channel, { words }) => own(words.values['channel'], channel) ?? channel
/** @param {string} name @param {Speech} speech */
export const classText = (name, { words }) => own(words.values['class'], name) ?? name

/** @param {string} kind of a closed period @param {Speech} speech */
export const periodText = (kind, { words }) => own(words.periods, kind) ?? kind

/** `contact c-17`, `source crm`, `queue billing`. @param {string} subject @param {Speech} speech */
export function subjectText(subject, speech) {
  const at = subject.indexOf('/')
  const [kind, id] = at < 0 ? [subject, ''] : [subject.slice(0, at), subject.slice(at + 1)]
  if (kind === 'slice') return sliceText(id, speech)
  const name = own(speech.words.subjects, kind)
  if (kind === 'dimension') return `${name} ${own(speech.words.dimensions, id) ?? id}`
  return name === undefined ? readable(subject) : `${name} ${readable(id)}`.trim()
}

/** Rules that can be named, each with its title: the shipped ones, and those that the tenant has now. @param {readonly string[]} names @param {Speech} speech @returns {[name: string, title: string][]} */
export function ruleChoices(names, speech) {
  const all = new Set([...Object.keys(speech.words.rules), ...names])
  return [...all].map((name) => [name, ruleTitle(name, speech)])
}
