// Numbers and times as people read them.

/** @typedef {import('./texts.js').Texts} Texts */
/** @typedef {import('./settings.js').Language} Language */

const two = (/** @type {number} */ n) => String(n).padStart(2, '0')

/**
 * How long something goes on: `0:33`, `12:05`, `1:02:05`, from a day on `2 d 3 h`. Whole seconds that have passed.
 * @param {number} ms @param {Texts} t
 */
export function ticking(ms, t) {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  if (h >= 24) return `${Math.floor(h / 24)} ${t.days} ${h % 24} ${t.hours}`
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/**
 * A limit or an average: `250 ms`, `30 s`, `19.1 s`, `2 min 5 s`, `1.5 h`, `3 d`.
 * @param {number} ms @param {Texts} t
 */
export function duration(ms, t) {
  if (ms >= 172_800_000) return `${oneDecimal(ms / 86_400_000)} ${t.days}`
  if (ms >= 7_200_000 || (ms > 0 && ms % 3_600_000 === 0))
    return `${oneDecimal(ms / 3_600_000)} ${t.hours}`
  if (ms > 0 && ms % 60_000 === 0) return `${ms / 60_000} ${t.minutes}`
  if (ms >= 120_000) {
    const seconds = Math.round(ms / 1_000)
    const rest = seconds % 60 === 0 ? '' : ` ${seconds % 60} ${t.seconds}`
    return `${Math.floor(seconds / 60)} ${t.minutes}${rest}`
  }
  return ms > 0 && ms < 1_000
    ? `${Math.round(ms)} ${t.milliseconds}`
    : `${oneDecimal(ms / 1_000)} ${t.seconds}`
}

/** @param {number} value */
const oneDecimal = (value) => String(Math.round(value * 10) / 10)

/** A value in its unit. @param {number | null} value @param {string} unit @param {Texts} t @param {Language} language */
export function amount(value, unit, t, language) {
  if (value === null) return t.noData
  if (unit === 'ms') return duration(value, t)
  if (unit === 'ratio') return `${oneDecimal(value * 100)} %`
  return (Math.round(value * 100) / 100).toLocaleString(language)
}

/** Time of day; with its date where that is not today. @param {string | number} at @param {Language} language @param {number} nowMs */
export function moment(at, language, nowMs) {
  const date = new Date(at)
  const time = date.toLocaleTimeString(language, {
    hour12: false,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  if (date.toDateString() === new Date(nowMs).toDateString()) return time
  return `${date.toLocaleDateString(language, { month: 'short', day: 'numeric' })} ${time}`
}
