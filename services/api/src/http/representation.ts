import { createHash } from 'node:crypto'
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
  return `W/"${hash.digest('base64url').slice(0, 22)}"`
}

/** As `toJson`, the rows in turns: a thousand of them are some megabytes. */
async function jsonInTurns(value: Readonly<Record<string, unknown>>, turn: Turns): Promise<string> {
  const members: string[] = []
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    const text = Array.isArray(member)
      ? `[${(await mapInTurns(member, toJson, turn)).join(',')}]`
      : toJson(member)
    members.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${members.join(',')}}`
}

/** JSON that begins with what moves, so that the rest is written and hashed once. */
export async function jsonOf(
  { asOf, window, ...said }: OfMoment,
  standing: Standing,
  turn: Turns,
): Promise<Representation> {
  const content = await jsonInTurns({ ...standing, ...said }, turn)
  const moment = toJson({ asOf, window })
  return {
    body: Buffer.from(`${moment.slice(0, -1)},${content.slice(1)}`),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      etag: etagOf(window?.start ?? '', content),
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
