import type { Random } from '../../services/cli/src/simulate/random.ts'

/** Makes one input after another, each from what may come and what should not. */
export type Making<Input> = (random: Random) => Input

/** No input is longer, whatever is repeated in it: a parser that needs more than linear time shows it here. */
const inputBytesMax = 64 * 1024
/** Of one that is changed byte by byte: in UTF-8 again, it may have three times as many. */
const changedBytesMax = inputBytesMax / 4

/** Pieces that are likely to be taken for something else, or to be at a limit. */
const pieces: readonly string[] = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'null', 'NaN'],
  ...['\u0000', '\r\n', '\n', '\t', ' ', '\ufeff', '\u2028', '\u202e', '\ud800', '😀', 'İ', '退款'],
  ...['"', "'", '\\', '\\u0000', '\\ud800', '`', '{', '}', '[', ']', '(', ')', ':', ',', ';', '='],
  ...[
    '%',
    '%00',
    '%ff',
    '%C0%80',
    '%2F',
    '%',
    '&',
    '#',
    '?',
    '*',
    '+',
    '/',
    '..',
    '../',
    '://',
    '@',
  ],
  ...['-1', '-0', '0', '1e999', '1e-999', '9007199254740993', '0x10', '2026-02-30', '60s', '0.1'],
  ...[
    '<',
    '>',
    '&lt;',
    '<![CDATA[',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '${a}',
    '<<: *a',
    '&a ',
    '*a',
  ],
]

const interesting = [
  0x00, 0x0a, 0x0d, 0x22, 0x2c, 0x5c, 0x5b, 0x7b, 0x7f, 0x80, 0xc0, 0xff,
] as const

const at = (random: Random, length: number): number => Math.floor(random.next() * (length + 1))

const timesOf = (random: Random): number => (random.chance(0.6) ? 1 : 2 + at(random, 2))

type Step = (random: Random, bytes: Buffer, corpus: readonly Buffer[]) => Buffer

function span(random: Random, length: number): readonly [from: number, to: number] {
  const from = at(random, length)
  const most = random.chance(0.7) ? 16 : length
  return [from, Math.min(length, from + at(random, most))]
}

const put = (bytes: Buffer, from: number, to: number, piece: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(to)])

const randomPiece = (random: Random): Buffer => Buffer.from(random.pick(pieces))

const steps: readonly Step[] = [
  function flips(random, bytes) {
    const copy = Buffer.from(bytes)
    if (copy.length > 0)
      copy[Math.floor(random.next() * copy.length)]! ^= 1 << Math.floor(8 * random.next())
    return copy
  },
  function sets(random, bytes) {
    const copy = Buffer.from(bytes)
    if (copy.length > 0) copy[Math.floor(random.next() * copy.length)] = random.pick(interesting)
    return copy
  },
  function inserts(random, bytes) {
    const from = at(random, bytes.length)
    return put(bytes, from, from, randomPiece(random))
  },
  function replaces(random, bytes) {
    return put(bytes, ...span(random, bytes.length), randomPiece(random))
  },
  function removes(random, bytes) {
    return put(bytes, ...span(random, bytes.length), Buffer.alloc(0))
  },
  function cuts(random, bytes) {
    return bytes.subarray(0, at(random, bytes.length))
  },
  function repeats(random, bytes) {
    const [from, to] = span(random, bytes.length)
    const times = random.chance(0.8) ? at(random, 8) : at(random, 4_096)
    const most = Math.floor(changedBytesMax / Math.max(1, to - from))
    const run = Buffer.alloc(Math.min(times, most) * (to - from), bytes.subarray(from, to))
    return put(bytes, from, to, run)
  },
  function splices(random, bytes, corpus) {
    const other = random.pick(corpus)
    return put(bytes, ...span(random, bytes.length), other.subarray(...span(random, other.length)))
  },
]

/** Bytes of the corpus, one to four times changed; now and then nothing but chance. */
export function mutatedBytes(corpus: readonly (Uint8Array | string)[]): Making<Buffer> {
  const all = corpus.map((one) => Buffer.from(one as Uint8Array))
  return (random) => {
    if (random.chance(0.02))
      return Buffer.from(Array.from({ length: at(random, 64) }, () => 256 * random.next()))
    let bytes: Buffer = random.pick(all)
    for (let left = timesOf(random); left > 0; left -= 1)
      bytes = random.pick(steps)(random, bytes, all)
    return bytes.subarray(0, changedBytesMax)
  }
}

export function mutatedText(corpus: readonly string[]): Making<string> {
  const bytes = mutatedBytes(corpus)
  return (random) => bytes(random).toString()
}

/** Values where others should be. */
const strange: readonly unknown[] = [
  ...[null, true, false, 0, -1, -0, 0.5, 2 ** 53, 1e308, 1e15, Number.MIN_VALUE],
  ...[
    '',
    ' ',
    '\u0000',
    '\ud800',
    'x'.repeat(129),
    'x'.repeat(257),
    '😀'.repeat(128),
    'x'.repeat(9_000),
  ],
  ...['__proto__', 'constructor', '*', 'all', '30s', '-1s', '2026-02-30T00:00:00Z', '0000-01-01'],
  ...[
    [],
    {},
    [null],
    [[[[[[[[[[]]]]]]]]]],
    { length: 1e9 },
    { toString: 1 },
    { length: { toString: 1 } },
  ],
  JSON.parse('{"__proto__":{"polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
]

const names = ['__proto__', 'constructor', 'toString', 'surplus', '', '0', 'data', 'id'] as const

type Members = readonly (readonly [string, unknown])[]

/** A copy in which one part, anywhere, is replaced, gone, doubled, or joined by another one. */
function changed(random: Random, value: unknown): unknown {
  const isContainer = typeof value === 'object' && value !== null
  const size = isContainer ? Object.keys(value).length : 0
  if (!isContainer || size === 0 || random.chance(0.1)) return random.pick(strange)
  const place = Math.floor(random.next() * size)
  const goesDeeper = random.chance(0.6)
  if (Array.isArray(value)) {
    const copy = [...(value as unknown[])]
    if (goesDeeper) copy[place] = changed(random, copy[place])
    else copy.splice(place, at(random, 1), ...(random.chance(0.5) ? [copy[place]] : []))
    return copy
  }
  const members: Members = Object.entries(value)
  const kept = (key: string, part: unknown): Members => [[key, part]]
  return Object.fromEntries([
    ...members.flatMap(([key, part], n): Members => {
      if (n !== place) return kept(key, part)
      if (goesDeeper) return kept(key, changed(random, part))
      return random.chance(0.5) ? [] : kept(random.pick(names), part)
    }),
    ...(random.chance(0.1) ? kept(random.pick(names), random.pick(strange)) : []),
  ])
}

/** Values of the corpus, changed in their structure. Names such as `__proto__` are members of their own, as `JSON.parse` makes them. */
export function mutatedValue(corpus: readonly unknown[]): Making<unknown> {
  return (random) => {
    let value = random.pick(corpus)
    for (let left = timesOf(random); left > 0; left -= 1) value = changed(random, value)
    return value
  }
}

/** JSON, changed in its structure or in its bytes. */
export function mutatedJson(corpus: readonly unknown[]): Making<Buffer> {
  const value = mutatedValue(corpus)
  const bytes = mutatedBytes(corpus.map((one) => JSON.stringify(one)))
  return (random) =>
    random.chance(0.7)
      ? Buffer.from(JSON.stringify(value(random)) ?? '').subarray(0, inputBytesMax)
      : bytes(random)
}
