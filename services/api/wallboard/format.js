// Numbers and times as a wall shows them.

/** @typedef {{ text: string, unit: string }} Shown */
/** @typedef {import('./texts.js').Texts} Texts */

export const dash = { text: '–', unit: '' }
const two = (/** @type {number} */ n) => String(n).padStart(2, '0')

/**
 * How long someone has waited: `0:33`, `12:05`, `1:02:05`. Whole seconds that have passed.
 * @param {number} ms
 */
export function wait(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/**
 * An average: `19.1 s`, from two minutes on `2:05 min`, from two hours on `2.1 h`.
 * @param {number} ms @param {Texts} t @returns {Shown}
 */
export function duration(ms, t) {
  if (ms >= 7_200_000) return { text: oneDecimal(ms / 3_600_000), unit: t.hours }
  if (ms >= 120_000) return { text: wait(Math.round(ms / 1_000) * 1_000), unit: t.minutes }
  return { text: oneDecimal(ms / 1_000), unit: t.seconds }
}

/** @param {number} value */
const oneDecimal = (value) => String(Math.round(value * 10) / 10)

/**
 * `85 %`, `77.9 %`: a decimal where there is one, so that 79.9 % does not look like the 80 % that it misses.
 * @param {number} ratio @returns {Shown}
 */
export function percent(ratio) {
  return { text: oneDecimal(ratio * 100), unit: '%' }
}

/** @param {number} value @param {string} language */
export const whole = (value, language) => value.toLocaleString(language)

/** @param {string | number | Date} at @param {string} language */
export function clock(at, language) {
  return new Date(at).toLocaleTimeString(language, { hour12: false, hour: '2-digit', minute: '2-digit', second: '2-digit' })
}

/**
 * `≤ 30 s`, `≥ 80 %`, `75–88 %`.
 * @param {{ min?: number, max?: number }} target @param {(value: number) => Shown} show
 */
export function range({ min, max }, show) {
  const of = (/** @type {number} */ value) => `${show(value).text} ${show(value).unit}`.trim()
  if (min !== undefined && max !== undefined) return `${show(min).text}–${of(max)}`
  return min === undefined ? `≤ ${of(max ?? 0)}` : `≥ ${of(min)}`
}
