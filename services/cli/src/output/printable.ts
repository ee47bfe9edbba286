/** Control characters, and those that turn the direction of text. */
const unprintable = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu

/** Text from outside that is safe on a terminal: what would act on it stands there as an escape. `kept`: characters that may act. */
export function printable(text: string, kept = ''): string {
  return text.replace(unprintable, (one) =>
    kept.includes(one) ? one : `\\u{${one.codePointAt(0)!.toString(16)}}`,
  )
}
