import type { Cell, ReadCell, Text, Unread } from './column.ts'
import { dateIn, timeIn } from './zoned-time.ts'

/** Any text of at most so many characters, on one line. */
function textOf(charactersMax: number): ReadCell {
  const form = new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${charactersMax}}$`, 'u')
  return (text) =>
    form.test(text)
      ? { value: text }
      : {
          expected: {
            en: `text of 1 to ${charactersMax} characters on one line`,
            zh: `1 至 ${charactersMax} 个字符的单行文本`,
          },
        }
}

/** Names a person, a contact, a thing. */
export const id = textOf(256)
/** Of an open vocabulary. */
export const word = textOf(128)

const sameWord = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

type Words = Readonly<Record<string, string>>
const meaningOf = (words: Words, text: string): string | undefined =>
  Object.keys(words).find((known) => sameWord(known, text) || words[known] === text)

/** One of these words, in English or in Chinese. */
export const choice =
  (words: Words): ReadCell =>
  (text) => {
    const value = meaningOf(words, text)
    if (value !== undefined) return { value }
    const list = listOf(words)
    return { expected: { en: `one of ${list}`, zh: `以下之一：${list}` } }
  }

/** Any word; those that are known in Chinese, too. */
export const wordOr =
  (words: Words): ReadCell =>
  (text, timeZone) => {
    const value = meaningOf(words, text)
    return value === undefined ? word(text, timeZone) : { value }
  }

const listOf = (words: Words): string =>
  Object.entries(words)
    .map(([known, chinese]) => `${known} (${chinese})`)
    .join(', ')

const flags: Readonly<Record<string, boolean>> = {
  ...{ yes: true, y: true, true: true, '1': true, 是: true },
  ...{ no: false, n: false, false: false, '0': false, 否: false },
}
export const flag: ReadCell = (text) => {
  const word = text.toLowerCase()
  return Object.hasOwn(flags, word)
    ? { value: flags[word] }
    : { expected: { en: 'yes or no (是, 否)', zh: '是或否（yes, no）' } }
}

/** A decimal number with a point, from `min` to `max`. */
export const numberFrom =
  (min: number, max: number): ReadCell =>
  (text) =>
    judged(text, /^-?\d+(\.\d+)?$/, min, max, {
      en: `a number from ${min} to ${max}, as 87.5`,
      zh: `${min} 至 ${max} 之间的数，如 87.5`,
    })

export const wholeFrom =
  (min: number, max: number): ReadCell =>
  (text) =>
    judged(text, /^-?\d+$/, min, max, {
      en: `a whole number from ${min} to ${max}`,
      zh: `${min} 至 ${max} 之间的整数`,
    })

function judged(
  text: string,
  form: RegExp,
  min: number,
  max: number,
  expected: Text,
): Cell | Unread {
  const value = form.test(text) ? Number(text) : NaN
  return value >= min && value <= max ? { value } : { expected }
}

/** A number of seconds, which is kept in milliseconds. */
export const seconds: ReadCell = (text) => {
  const read = numberFrom(0, 400 * 86_400)(text, null)
  return 'value' in read ? { value: Math.round((read.value as number) * 1_000) } : read
}

export const date: ReadCell = (text) => {
  const value = dateIn(text)
  return value === null
    ? {
        expected: {
          en: 'a date such as 2026-03-02 or 2026/3/2',
          zh: '日期，如 2026-03-02 或 2026/3/2',
        },
      }
    : { value, local: value }
}

export const time: ReadCell = (text, timeZone) => {
  const read = timeIn(text, timeZone)
  return 'expected' in read ? read : { value: read.time, local: read.local }
}

/** Of the day, in minutes since midnight; one that ends before it begins goes on over midnight. */
export type Stretch = { readonly fromMinute: number; readonly toMinute: number }

const stretchPattern = /^([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)$/

/** Several are separated by blanks. */
export const stretches: ReadCell = (text) => {
  const parts = text.replaceAll(/\s*[-–~至]\s*/g, '-').split(/[\s;,、，；]+/)
  const read = parts.map((part) => stretchPattern.exec(part)?.slice(1).map(Number))
  if (read.includes(undefined))
    return {
      expected: {
        en: 'times of the day, as 12:00-12:30, several with blanks between',
        zh: '一天之内的时段，如 12:00-12:30，多个之间用空格分开',
      },
    }
  const value = read.map(([fromHour, from, toHour, to] = []) => ({
    fromMinute: fromHour! * 60 + from!,
    toMinute: toHour! * 60 + to!,
  }))
  return { value }
}

/** An amount in the main unit of its currency, kept as it is written. */
export const amount: ReadCell = (text) =>
  /^\d{1,13}(\.\d+)?$/.test(text)
    ? { value: text }
    : {
        expected: {
          en: 'an amount such as 1280 or 1280.50, without signs',
          zh: '金额，如 1280 或 1280.50，不带符号',
        },
      }

export const currency: ReadCell = (text) => {
  const value = text.toUpperCase()
  return /^[A-Z]{3}$/.test(value)
    ? { value }
    : {
        expected: {
          en: 'a currency of ISO 4217, as CNY, EUR or USD',
          zh: 'ISO 4217 币种代码，如 CNY、EUR 或 USD',
        },
      }
}
