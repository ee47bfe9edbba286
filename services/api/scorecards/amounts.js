// Values of KPIs as people read them, by their unit.
import { duration, percent, range } from './figures.js'

/** @typedef {import('./source.js').Value} Value */
/** @typedef {import('./source.js').Target} Target */
/** @typedef {{ t: import('./texts.js').Texts, language: import('./language.js').Language, timeZone: string }} Setting */

/** @param {number} value @param {string} language @param {number} [digits] */
export const number = (value, language, digits = 2) =>
  value.toLocaleString(language, { maximumFractionDigits: digits })

/** Points and totals: no more than one decimal, which all of a column have. @param {number | null} value */
export const points = (value) => (value === null ? '–' : value.toFixed(1).replace(/\.0$/, ''))

/** @param {number} value @param {string} currency @param {string} language */
const money = (value, currency, language) =>
  value.toLocaleString(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })

/** @param {number} value @param {Pick<Value, 'unit' | 'currency'>} of @param {Setting} setting @param {Target} [target] @returns {import('./figures.js').Shown} */
function shownAmount(value, { unit, currency }, { t, language }, target = {}) {
  if (unit === 'ms') return duration(value, t, target)
  if (unit === 'ratio') return percent(value, target)
  if (unit === 'money' && currency !== undefined)
    return { text: money(value, currency, language), unit: '' }
  return { text: number(value, language), unit: '' }
}

/** `77.9 %`, `2:05 min`, `¥1,024.50`; – where there is none. @param {number | null | undefined} value @param {Pick<Value, 'unit' | 'currency'>} of @param {Setting} setting @param {Target} [target] */
export function amount(value, of, setting, target) {
  if (value === null || value === undefined) return '–'
  const { text, unit } = shownAmount(value, of, setting, target)
  return `${text}\u00a0${unit}`.trim()
}

/** `≥ 80 %`. @param {Value} value @param {Setting} setting */
export const targetText = (value, setting) =>
  value.target === undefined
    ? '–'
    : range(value.target, (end, exactly) => shownAmount(end, value, setting, exactly))

/** What the value is made of: `8 ÷ 10`, `120 times`. @param {Value} value @param {Setting} setting */
export function madeOf({ value, numerator, denominator, count }, { t, language }) {
  if (value === null) return '–'
  if (numerator !== undefined && denominator !== undefined)
    return `${number(numerator, language)} ÷ ${number(denominator, language)}`
  return count === undefined ? '–' : t.times(number(count, language), count)
}

/** Date and time where the tenant is. @param {string} at @param {Setting} setting */
export const moment = (at, { language, timeZone }) =>
  new Date(at).toLocaleString(language, {
    timeZone,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
