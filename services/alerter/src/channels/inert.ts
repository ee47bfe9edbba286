/**
 * Text that came with events, rules or names stands in messages of people's chats: it must be read as text there. A queue's name mentions nobody,
 * makes no link and begins no line of its own, whatever it is. What is seen stays the same as far as it can.
 */
export type Escape = (text: string) => string

const zeroWidthSpace = '\u200b'

/** One line: control characters and line breaks become a space; marks that are not seen or that turn the direction of text around are dropped. */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(
      /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu,
      '',
    )
    .trim()
}

/**
 * For fields that know no markup. Clients look for mentions and addresses in plain text too: a space without width breaks `@all`, `https://x`, `x.com`
 * and the `{{DATE(…)}}` of adaptive cards.
 */
export const plain: Escape = (text) =>
  oneLine(text)
    .replaceAll('@', `@${zeroWidthSpace}`)
    .replaceAll('://', `:${zeroWidthSpace}//`)
    .replaceAll(/(?<=[\p{L}\p{N}])\.(?=\p{L}{2})/gu, `.${zeroWidthSpace}`)
    .replaceAll('{{', `{${zeroWidthSpace}{`)

/**
 * The wide twins of the characters that markup is made of: the robots' dialects of markdown differ, and none documents how to escape.
 * An underscore within a word marks nothing up in any of them.
 */
const twins: Readonly<Record<string, string>> = {
  '[': '［',
  ']': '］',
  '<': '＜',
  '>': '＞',
  '*': '＊',
  '`': '｀',
  '~': '～',
  '|': '｜',
  '\\': '＼',
  '&': '＆',
  _: '＿',
}
const markup = /[[\]<>*`~|\\&]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu

export const markdown: Escape = (text) =>
  plain(text).replaceAll(markup, (character) => twins[character]!)

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Slack's `&`, `<` and `>` have entities; with these escaped nothing is a mention or a link. */
export const mrkdwn: Escape = (text) =>
  plain(text).replaceAll(markup, (character) => entities[character] ?? twins[character]!)

/** A link's target that ends nothing around it, or `null`: not http(s), or longer than `linkBytesMax`. */
export function linkTarget(url: string): string | null {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/u.test(parsed.protocol)) return null
  const target = parsed.href.replaceAll(
    /[()[\]|<>\\`*~]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return target.length > linkBytesMax ? null : target
}

const linkBytesMax = 500
