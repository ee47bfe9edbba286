import { isIP } from 'node:net'
import type { Guard } from './guard.ts'

/** Where a URL leads. `host`: without brackets and without the dot at the end; `literal`: it is an address, and there is nothing to resolve. */
export type Target = {
  readonly url: URL
  readonly host: string
  readonly literal: boolean
  readonly secure: boolean
}
export type Targeted =
  { readonly ok: true; readonly target: Target } | { readonly ok: false; readonly detail: string }

/**
 * Reads a URL as the connection will read it, so that there are no two opinions about its host: decimal, octal, hexadecimal, short, percent-encoded
 * and full-width spellings of an address are that address. Refused: what is no http(s) URL, credentials before the host (they would be sent), local
 * names, and addresses that the guard refuses. `detail` never repeats the URL: it may hold a token.
 */
export function targetOf(text: string, guard: Guard): Targeted {
  const url = URL.parse(text)
  if (url === null) return refused('not a URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return refused('neither http nor https')
  if (url.username !== '' || url.password !== '') return refused('credentials in the URL')
  const host = url.hostname.replace(/^\[|\]$/gu, '').replace(/\.$/u, '')
  if (host === '') return refused('no host')
  const literal = isIP(host) !== 0
  const reason = literal ? guard.address(host) : guard.name(host)
  if (reason !== null) return refused(literal ? `${reason} address` : reason)
  return { ok: true, target: { url, host, literal, secure: url.protocol === 'https:' } }
}

const refused = (detail: string): Targeted => ({ ok: false, detail })
