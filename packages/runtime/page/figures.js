// Numbers and times as the pages show them.

/** @typedef {{ text: string, unit: string }} Shown */
/** @typedef {{ min?: number, max?: number }} Target */
/** @typedef {{ seconds: string, minutes: string, hours: string }} Texts the units of times, in the page's language */

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
 * The value in as few decimals as leave it on its own side of each end of the target: 79.96 % must not look like the 80 % that it misses.
 * @param {number} value @param {Target} target @param {readonly number[]} scales parts of one to round to, the coarsest first
 */
function rounded(value, { min = -Infinity, max = Infinity }, scales) {
  const agrees = (/** @type {number} */ shown) =>
    shown < min === value < min && shown > max === value > max
  const finest = scales.at(-1) ?? 1
  const candidates = scales.map((scale) => Math.round(value * scale) / scale)
  candidates.push(Math.floor(value * finest) / finest, Math.ceil(value * finest) / finest)
  return candidates.find(agrees) ?? value
}

const decimal = (/** @type {number} */ value) => String(Number(value.toFixed(6)))

/**
 * An average: `19.1 s`, from two minutes on `2:05 min`, from two hours on `2.1 h`.
 * @param {number} ms @param {Texts} t @param {Target} [target] in ms @returns {Shown}
 */
export function duration(ms, t, target = {}) {
  const as = (/** @type {number} */ unitMs, /** @type {number[]} */ scales) =>
    rounded(
      ms / unitMs,
      { min: target.min && target.min / unitMs, max: target.max && target.max / unitMs },
      scales,
    )
  if (ms >= 7_199_500) return { text: decimal(as(3_600_000, [10, 100, 1_000])), unit: t.hours }
  const seconds = as(1_000, ms >= 120_000 ? [1, 10, 100, 1_000] : [10, 100, 1_000])
  if (ms < 120_000) return { text: decimal(seconds), unit: t.seconds }
  const rest = decimal(seconds % 60)
  return {
    text: `${Math.floor(seconds / 60)}:${rest.replace(/^\d(?!\d)/, '0$&')}`,
    unit: t.minutes,
  }
}

/**
 * `85 %`, `77.9 %`.
 * @param {number} ratio @param {Target} [target] @returns {Shown}
 */
export function percent(ratio, target = {}) {
  return { text: decimal(rounded(ratio, target, [1_000, 10_000, 100_000]) * 100), unit: '%' }
}

/** @param {number} value @param {string} language */
export const whole = (value, language) => value.toLocaleString(language)

/** @param {string | number | Date} at @param {string} language */
export function clock(at, language) {
  return new Date(at).toLocaleTimeString(language, {
    hour12: false,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
}

/**
 * `≤ 30 s`, `≥ 80 %`, `75–88 %`: the ends exactly.
 * @param {Target} target @param {(value: number, target: Target) => Shown} show
 */
export function range({ min, max }, show) {
  const exactly = (/** @type {number} */ end) => show(end, { min: end, max: end })
  const of = (/** @type {number} */ end) => `${exactly(end).text} ${exactly(end).unit}`.trim()
  if (min !== undefined && max !== undefined) return `${exactly(min).text}–${of(max)}`
  return min === undefined ? `≤ ${of(max ?? 0)}` : `≥ ${of(min)}`
}
