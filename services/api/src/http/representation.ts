import { createHash, type Hash } from 'node:crypto'
import type { Stamped, Standing } from '../questions/answer.ts'
import { mapInTurns, type Turns } from '../reading/turns.ts'
import { toJson } from './json.ts'

/** Log time up to which an answer counts: in the header too, because a 304 has no body and log time moves on without any other change. */
export const asOfHeader = 'deskpulse-as-of'

/** What is sent of an answer. */
export type Representation = {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** An answer of a moment. `window` ends at it. */
export type OfMoment = Stamped<{
  readonly asOf: string
  readonly window?: { readonly start: string; readonly end: string }
}>

/**
 * Names what an answer says: the same as long as nothing but `asOf` and the end of the window moved. It is weak, as two bodies that differ in
 * these have the same one.
 */
export function etagOf(...said: readonly string[]): string {
  const hash = createHash('sha256')
  for (const one of said) hash.update(one)
  return etagIn(hash)
}

const etagIn = (hash: Hash): string => `W/"${hash.digest('base64url').slice(0, 22)}"`

/** So many characters are encoded and hashed at once. */
const pieceLength = 256 * 1_024

/** A text that is written bit by bit, as bytes. */
class Pieces {
  readonly #hash: Hash
  readonly #bytes: Buffer[] = []
  #text = ''

  constructor(hash: Hash) {
    this.#hash = hash
  }

  write(text: string): void {
    this.#text += text
    if (this.#text.length >= pieceLength) this.#encode()
  }

  end(): readonly Buffer[] {
    this.#encode()
    return this.#bytes
  }

  #encode(): void {
    const bytes = Buffer.from(this.#text)
    this.#hash.update(bytes)
    this.#bytes.push(bytes)
    this.#text = ''
  }
}

/** As `toJson`, the rows in turns: thousands of them are some megabytes. */
async function writeInTurns(
  value: Readonly<Record<string, unknown>>,
  pieces: Pieces,
  turn: Turns,
): Promise<void> {
  let before = '{'
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    pieces.write(`${before}${JSON.stringify(name)}:`)
    before = ','
    if (Array.isArray(member)) {
      pieces.write('[')
      const write = (row: unknown, place: number): void =>
        pieces.write(place === 0 ? toJson(row) : `,${toJson(row)}`)
      await mapInTurns(member, write, turn)
      pieces.write(']')
    } else pieces.write(toJson(member))
  }
  pieces.write('}')
}

/** JSON that begins with what moves, so that the rest is written and hashed once. */
export async function jsonOf(
  { asOf, window, ...said }: OfMoment,
  standing: Standing,
  turn: Turns,
): Promise<Representation> {
  const hash = createHash('sha256').update(window?.start ?? '')
  const pieces = new Pieces(hash)
  await writeInTurns({ ...standing, ...said }, pieces, turn)
  const [first, ...others] = pieces.end() as readonly [Buffer, ...Buffer[]]
  const moment = toJson({ asOf, window })
  return {
    body: Buffer.concat([Buffer.from(`${moment.slice(0, -1)},`), first.subarray(1), ...others]),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      etag: etagIn(hash),
      [asOfHeader]: asOf,
    },
  }
}

export function withHeaders(
  { body, headers }: Representation,
  more: Representation['headers'],
): Representation {
  return { body, headers: { ...headers, ...more } }
}

/** The header that names the page after this one, by an address relative to it. */
export function nextPageLink(url: string, cursor: string | undefined): { readonly link?: string } {
  if (cursor === undefined) return {}
  const query = new URLSearchParams(url.split('?')[1])
  query.set('cursor', cursor)
  return { link: `<?${query.toString()}>; rel="next"` }
}
