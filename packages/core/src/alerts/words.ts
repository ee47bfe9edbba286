import type { Dimension } from '../config/tenant-config.ts'
import type { KpiUnit } from '../kpis/kpi.ts'
import { parseSlice, type SlicePart } from '../slices/slice.ts'
import { dayMs, type DurationMs, type EpochMs, hourMs, minuteMs, secondMs } from '../time/time.ts'
import type { AlertSeverity } from './rule.ts'
import { type AlertLanguage, alertVocabulary } from './vocabulary.ts'
import { warnedRule } from './warnings.ts'

type Words<Name extends string> = Readonly<Record<AlertLanguage, Readonly<Record<Name, string>>>>

/** Stands for what an alert does not have. */
export const absentWord = '–'
const charactersMax = 64

/**
 * What came from outside, fit for one line that others read: no line breaks, control or invisible characters (which could turn the direction of the
 * text), at most 64 characters with the ellipsis. Nothing left is a dash. Marks of a chat's own language are the channel's to escape.
 */
export function cleanWord(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  const characters = Array.from(line)
  const bounded =
    characters.length <= charactersMax
      ? line
      : `${characters.slice(0, charactersMax - 1).join('')}…`
  return bounded === '' ? absentWord : bounded
}

const durationWords: Words<'d' | 'h' | 'min' | 's' | 'ms'> = {
  en: { d: 'd', h: 'h', min: 'min', s: 's', ms: 'ms' },
  zh: { d: '天', h: '小时', min: '分钟', s: '秒', ms: '毫秒' },
}

/** `400 ms`, `30 s`, `1 min 5 s`, `2 h`, `1 d 3 h`: two units at most, rounded to the smaller. `digits`: of the seconds. */
export function durationText(durationMs: DurationMs, language: AlertLanguage, digits = 0): string {
  const words = durationWords[language]
  const smallestMs =
    durationMs >= dayMs ? hourMs : durationMs >= hourMs ? minuteMs : secondMs / 10 ** digits
  const roundedMs = Math.round(durationMs / smallestMs) * smallestMs
  if (durationMs > 0 && durationMs < secondMs && roundedMs < secondMs)
    return `${Math.round(durationMs)} ${words.ms}`
  const parts = [
    { n: Math.floor(roundedMs / dayMs), word: words.d },
    { n: Math.floor((roundedMs % dayMs) / hourMs), word: words.h },
    { n: Math.floor((roundedMs % hourMs) / minuteMs), word: words.min },
    { n: Number(((roundedMs % minuteMs) / secondMs).toFixed(digits)), word: words.s },
  ]
  const first = parts.findIndex(({ n }) => n > 0)
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter(({ n }) => n > 0)
  return shown.map(({ n, word }) => `${n} ${word}`).join(' ')
}

const digitsMax = 3

function numberText(value: number, unit: KpiUnit, language: AlertLanguage, digits: number): string {
  switch (unit) {
    case 'ms':
      return durationText(value, language, digits)
    case 'ratio':
      return `${rounded(value * 100, digits)}%`
    case 'index':
    case 'count':
    case 'points':
    case 'money':
      return rounded(value, digits)
  }
}

const rounded = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: digits })

const leastDigits: Readonly<Record<KpiUnit, number>> = {
  ms: 0,
  ratio: 1,
  index: 2,
  count: 0,
  points: 1,
  money: 2,
}
const noData: Readonly<Record<AlertLanguage, string>> = { en: 'no data', zh: '无数据' }

/**
 * A value for people: `30 s`, `79.5%`, `1,234`. One that is not its limit never reads like it: 0.7996 under 80% is `79.96%`, as far as three more
 * digits tell. `null` is no data.
 */
export function valueText(
  value: number | null,
  unit: KpiUnit,
  language: AlertLanguage,
  limit: number | null = null,
): string {
  if (value === null) return noData[language]
  const least = leastDigits[unit]
  const limitText = limit === null || limit === value ? null : valueText(limit, unit, language)
  for (let digits = least; digits < least + digitsMax; digits++) {
    const text = numberText(value, unit, language, digits)
    if (text !== limitText) return text
  }
  return numberText(value, unit, language, least + digitsMax)
}

/** `2026-03-02 09:00:27 +08:00`: local time of the zone, to the second, rounded down. @throws RangeError when the zone is not known. */
export function instantText(atMs: EpochMs, timeZone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone)
  const time = local.toPlainTime().toString({ smallestUnit: 'second', roundingMode: 'trunc' })
  return `${local.toPlainDate().toString()} ${time} ${local.offset}`
}

const comma: Readonly<Record<AlertLanguage, string>> = { en: ', ', zh: '、' }

/** `queue billing, live contacts` of a slice's canonical text; `all contacts`. A value that has a word of its own stands without its dimension. */
export function sliceWords(text: string, language: AlertLanguage): string {
  const { dimensions, everything } = alertVocabulary[language]
  const parsed = parseSlice(text)
  if (!parsed.ok) return cleanWord(text)
  if (parsed.slice.length === 0) return everything
  const part = ({ dimension, value }: SlicePart): string =>
    wordOfValue(dimension, value, language) ?? `${dimensions[dimension]} ${cleanWord(value)}`
  return parsed.slice.map(part).join(comma[language])
}

function wordOfValue(dimension: Dimension, value: string, language: AlertLanguage): string | null {
  const words = alertVocabulary[language].values[dimension]
  return words !== undefined && Object.hasOwn(words, value) ? (words[value] as string) : null
}

/** A channel in words; one that is not known as it is. */
export const channelText = (channel: string, language: AlertLanguage): string =>
  wordOfValue('channel', channel, language) ?? cleanWord(channel)

/** What people call a shipped rule; a rule of somebody's own has its name. */
export function ruleTitle(name: string, language: AlertLanguage): string {
  const { rules, warning } = alertVocabulary[language]
  const warned = warnedRule(name)
  if (warned !== null) return ruleTitle(warned, language) + warning
  return Object.hasOwn(rules, name) ? (rules[name] as string) : cleanWord(name)
}

const endsInHan = /\p{Script=Han} ?$/u
const beginsWithHan = /^ ?\p{Script=Han}/u

/** Parts of a Chinese sentence in their order: a blank that stands where two of them meet is left away between two Chinese characters. */
export function joinChinese(parts: readonly string[]): string {
  return parts.reduce((said, part) => {
    const isChinese = endsInHan.test(said) && beginsWithHan.test(part)
    return isChinese ? said.replace(/ $/u, '') + part.replace(/^ /u, '') : said + part
  }, '')
}

/** An agent's state in words; one that is not known as it is. */
export function stateText(state: string, language: AlertLanguage): string {
  const words: Readonly<Record<string, string>> = alertVocabulary[language].states
  return Object.hasOwn(words, state) ? (words[state] as string) : cleanWord(state)
}

export const severityWords: Words<AlertSeverity> = {
  en: { info: 'info', warning: 'warning', critical: 'critical' },
  zh: { info: '提示', warning: '警告', critical: '严重' },
}
