const escape = /\\(?:u([0-9a-fA-F]{4})|(.))/gs
const number = /^-?\d+(?:\.\d+)?$/
/** What may stand before and behind a number of JSON. */
const [before, behind] = [/[\s:,[]/, /[\s,}\]]/]

/**
 * Whether a JSON text has one of the words as a whole string or number, also as a key, and within JSON that is written into a string. The text may be none, or end
 * early: nothing of it is parsed.
 */
export function namesOneOf(bytes: Uint8Array, words: readonly string[]): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('utf8')
    .replace(escape, (_all, code: string | undefined, plain: string) =>
      code === undefined ? plain : String.fromCharCode(Number.parseInt(code, 16)),
    )
  return words.some(
    (word) => text.includes(`"${word}"`) || (number.test(word) && hasNumber(text, word)),
  )
}

function hasNumber(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [left, right] = [text[at - 1], text[at + word.length]]
    if ((left === undefined || before.test(left)) && (right === undefined || behind.test(right)))
      return true
  }
  return false
}
