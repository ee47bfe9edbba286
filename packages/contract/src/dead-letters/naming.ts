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

/**
 * After the first hit by the search of Knuth, Morris and Pratt, which takes each character of the text once: hits of `===` overlap, and one after the other they
 * would take each character as often as the word is long.
 */
function stands(text: string, word: string): boolean {
  const borders = bordersOf(word)
  let [end, matched] = [0, 0]
  for (;;) {
    if (matched === 0) {
      const hit = text.indexOf(word, end)
      if (hit < 0) return false
      ;[end, matched] = [hit + word.length, word.length]
    }
    if (matched === word.length && isApart(text[end - word.length - 1], text[end])) return true
    if (end === text.length) return false
    matched = matchedWith(text[end]!, word, matched, borders)
    end += 1
  }
}

const isApart = (left: string | undefined, right: string | undefined): boolean =>
  (left === undefined || before.test(left)) && (right === undefined || behind.test(right))

/** For each beginning of a word, how much of the word it ends with, itself left out. */
function bordersOf(word: string): readonly number[] {
  const borders = [0]
  for (let at = 1; at < word.length; at += 1)
    borders.push(matchedWith(word[at]!, word, borders[at - 1]!, borders))
  return borders
}

/** How much of a word a text ends with that ended with `matched` of it, and goes on with a character. */
function matchedWith(
  character: string,
  word: string,
  matched: number,
  borders: readonly number[],
): number {
  let left = matched
  while (left > 0 && word[left] !== character) left = borders[left - 1]!
  return word[left] === character ? left + 1 : 0
}
