import type { Escape } from './inert.ts'

/** Limits of channels are limits of UTF-8. */
export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8')

const ellipsis = '…'
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** The escaped text, cut between two characters as people see them (and outside any escape) so that it has at most `bytesMax` bytes. */
export function cutTo(text: string, bytesMax: number, escape: Escape): string {
  const whole = escape(text.slice(0, 4 * bytesMax))
  if (text.length <= 4 * bytesMax && bytesOf(whole) <= bytesMax) return whole
  const characters = Array.from(
    graphemes.segment(text.slice(0, bytesMax)),
    ({ segment }) => segment,
  )
  const cut = (count: number): string => `${escape(characters.slice(0, count).join(''))}${ellipsis}`
  let [fits, tooMany] = [0, characters.length]
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1
    if (bytesOf(cut(middle)) <= bytesMax) fits = middle
    else tooMany = middle
  }
  return cut(fits)
}

/** The result for as many of `count` entries as fit, fewest 0; it says itself how many it leaves out. */
export function fitted<Result>(
  count: number,
  build: (shown: number) => Result,
  fits: (result: Result) => boolean,
): Result {
  for (let shown = count; shown > 0; shown -= 1) {
    const result = build(shown)
    if (fits(result)) return result
  }
  return build(0)
}
