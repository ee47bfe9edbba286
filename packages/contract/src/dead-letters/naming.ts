const escape = /\\(?:u([0-9a-fA-F]{4})|(.))/gs
/** JSON is written into strings of JSON, which may be again. */
const levelsMax = 4
/** What may stand before and behind a word of its own. A colon is before alone: the minutes of a time are none. */
const [before, behind] = [/[\s"'`:=,;&|([{<>]/, /[\s"'`,;&|)\]}<>]/]

/**
 * Whether a text has one of the words, standing by itself: as a string or number of JSON, also as a key and within JSON that is written into a string, or in what
 * is no JSON. Nothing is parsed: it may end early.
 */
export function namesOneOf(bytes: Uint8Array, words: readonly string[]): boolean {
  let text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  for (let level = 0; level <= levelsMax; level += 1) {
    if (words.some((word) => stands(text, word))) return true
    if (!text.includes('\\')) return false
    text = unescaped(text)
  }
  return false
}

const unescaped = (text: string): string =>
  text.replace(escape, (_all, code: string | undefined, plain: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    return 'bfnrt'.includes(plain) ? ' ' : plain
  })

function stands(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [left, right] = [text[at - 1], text[at + word.length]]
    if ((left === undefined || before.test(left)) && (right === undefined || behind.test(right)))
      return true
  }
  return false
}
