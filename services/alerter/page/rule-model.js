// Rules in words, and what a form says of them.
import { typed } from './form-data.js'
import { amount, duration } from './format.js'
import { classText, sliceText, stateText } from './words.js'

/**
 * @typedef {import('./source.js').Rule} Rule
 * @typedef {import('./model.js').Setting} Setting
 * @typedef {{ unitOf: (id: string) => string, nameOf: (id: string) => string }} Kpis
 */

/** What it looks at. @param {Rule} rule @param {Setting} setting @param {Kpis} kpis */
export function aboutRule(rule, setting, kpis) {
  const { t, language } = setting
  if (rule.kind === 'windowed') {
    const statistic =
      rule.statistic === undefined || rule.statistic === 'value' ? '' : ` ${rule.statistic}`
    const limit = amount(rule.threshold ?? 0, unitOf(rule, kpis), t, language)
    return t.about[rule.comparison ?? 'above'](kpis.nameOf(rule.kpi ?? '') + statistic, limit)
  }
  const limit = duration(rule.limit ?? 0, t)
  switch (rule.subject) {
    case 'contact':
      return t.about.contact(
        limit,
        [
          ...(rule.classes ?? []).map((one) => classText(one, setting)),
          ...whereOf(rule, setting),
        ].join(t.comma),
      )
    case 'agent':
      return t.about.agent(
        limit,
        [
          ...(rule.states ?? []).map((one) => stateText(one, setting)),
          ...whereOf(rule, setting),
        ].join(t.comma),
      )
    case 'source':
      return t.about.source(limit)
    case 'dimension':
      return t.about.dimension(limit)
    case 'pipeline':
      return t.about.pipeline(limit)
    case 'clock':
      return t.about.clock(limit)
    case 'records':
      return t.about.records()
    default:
      return t.about.endpoint(limit)
  }
}

/** @param {Rule} rule @param {Setting} setting */
const whereOf = ({ slice }, setting) =>
  slice === undefined || slice === 'all' ? [] : [sliceText(slice, setting)]

/** @param {Rule} rule @param {Kpis} kpis */
export const unitOf = ({ statistic, kpi }, kpis) =>
  statistic === 'count' ? 'count' : kpis.unitOf(kpi ?? '')

/** The rest of it, in short. @param {Rule} rule @param {Setting} setting @returns {string[]} */
export function detailsOfRule(rule, setting) {
  const { t } = setting
  const { kind, slice = 'all', window = '', minimumSample = 0, repeat, endpoints, hours } = rule
  const windowed = kind === 'windowed'
  const told =
    endpoints === null
      ? t.toAll
      : endpoints.length === 0
        ? t.toNobody
        : t.toSome(endpoints.join(t.comma))
  return [
    windowed ? sliceText(slice, setting) : '',
    windowed ? t.window(window) : '',
    windowed && (rule.for ?? 0) > 0 ? t.forTime(duration(rule.for ?? 0, t)) : '',
    windowed && minimumSample > 0 ? t.atLeast(minimumSample) : '',
    repeat === null ? t.toldOnce : t.repeats(duration(repeat, t)),
    told,
    hours === null ? '' : t.inHours,
  ].filter((one) => one !== '')
}

/** A unit as a field shows it, and how many of the API's are one of it. @param {string} unit @param {Setting} setting */
export function fieldUnit(unit, { t }) {
  if (unit === 'ms') return { text: t.seconds, factor: 1_000 }
  return unit === 'ratio' ? { text: '%', factor: 0.01 } : { text: unit, factor: 1 }
}

/** @param {number} value @param {number} factor */
export const shownIn = (value, factor) => String(Math.round((value / factor) * 1e6) / 1e6)
/** Exact: 79.9 % is 0.799. @param {string} text @param {number} factor */
export const readIn = (text, factor) => Math.round(Number(text) * factor * 1e9) / 1e9

/** The rule as the form says it. @param {Rule} rule @param {FormData} form @param {Setting} setting @param {Kpis} kpis @returns {Record<string, unknown>} */
export function ruleOfForm(rule, form, setting, kpis) {
  const common = {
    ...rule,
    enabled: form.get('enabled') !== null,
    severity: typed(form, 'severity'),
  }
  if (rule.kind !== 'windowed' && rule.limit === undefined) return common
  if (rule.kind !== 'windowed') return { ...common, limit: readIn(typed(form, 'limit'), 1_000) }
  const { factor } = fieldUnit(unitOf(rule, kpis), setting)
  return {
    ...common,
    threshold: readIn(typed(form, 'threshold'), factor),
    recovery: readIn(typed(form, 'recovery'), factor),
  }
}
