// Labels of weeks, months and quarters: which comes before, and how it is read.

/** @typedef {'week' | 'month' | 'quarter'} Kind */
/** @typedef {import('./texts.js').Texts} Texts */

const dayMs = 86_400_000
const two = (/** @type {number} */ n) => String(n).padStart(2, '0')

/** @param {Date} date whose day in UTC is meant @param {Kind} kind */
export function labelOf(date, kind) {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  if (kind === 'month') return `${year}-${two(month + 1)}`
  if (kind === 'quarter') return `${year}-Q${Math.floor(month / 3) + 1}`
  // A week belongs to the year of its Thursday.
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * dayMs)
  const weekYear = thursday.getUTCFullYear()
  const week = Math.floor((thursday.getTime() - Date.UTC(weekYear, 0, 1)) / (7 * dayMs)) + 1
  return `${weekYear}-W${two(week)}`
}

/** The first day of a period; `null`: this is no label. @param {string} label */
function firstDayOf(label) {
  const [, year, week, quarter, month] = /^(\d{4})-(?:W(\d\d)|Q([1-4])|(\d\d))$/.exec(label) ?? []
  if (year === undefined) return null
  if (month !== undefined) return new Date(Date.UTC(Number(year), Number(month) - 1, 1))
  if (quarter !== undefined) return new Date(Date.UTC(Number(year), 3 * Number(quarter) - 3, 1))
  const fourth = Date.UTC(Number(year), 0, 4) // Is in the first week, whatever day it is.
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * dayMs
  return new Date(monday + 7 * (Number(week) - 1) * dayMs)
}

/** @param {string} label @returns {Kind} */
export const kindOf = (label) =>
  label.includes('W') ? 'week' : label.includes('Q') ? 'quarter' : 'month'

/** The label so many periods later; what is no label stays. @param {string} label @param {number} by */
export function shifted(label, by) {
  const first = firstDayOf(label)
  if (first === null) return label
  const kind = kindOf(label)
  if (kind === 'week') return labelOf(new Date(first.getTime() + 7 * by * dayMs), kind)
  const months = kind === 'quarter' ? 3 * by : by
  return labelOf(new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + months, 1)), kind)
}

/** `March 2026`, `2026年3月`, `Week 10, 2026`. @param {string} label @param {Texts} t @param {string} language */
export function periodName(label, t, language) {
  const first = firstDayOf(label)
  if (first === null) return label
  const year = label.slice(0, 4)
  const kind = kindOf(label)
  if (kind === 'week') return t.week(Number(label.slice(6)), year)
  if (kind === 'quarter') return t.quarter(Number(label.slice(6)), year)
  return first.toLocaleDateString(language, { year: 'numeric', month: 'long', timeZone: 'UTC' })
}

/** Where there is little room: `Mar 26`, `W10`, `Q1 26`. @param {string} label @param {string} language */
export function shortPeriodName(label, language) {
  const first = firstDayOf(label)
  const kind = kindOf(label)
  if (first === null || kind === 'week') return label.slice(5)
  if (kind === 'quarter') return `${label.slice(5)} ${label.slice(2, 4)}`
  return language === 'zh'
    ? `${label.slice(2, 4)}/${label.slice(5)}`
    : first.toLocaleDateString(language, { year: '2-digit', month: 'short', timeZone: 'UTC' })
}

/** The date of an instant. @param {string | number} at @param {string} timeZone */
export const dateAt = (at, timeZone) => new Date(at).toLocaleDateString('sv-SE', { timeZone })
