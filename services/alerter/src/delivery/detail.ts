import type { EndpointConfig } from '@deskpulse/contract'
import { storedLimits } from './limits.ts'

const invisible = /[\p{C}\p{Zl}\p{Zp}]+/gu
const address = /\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/?#@"'<>]*@)?([^\s/?#"'<>]*)[^\s"'<>]*/giu
/** What a cut leaves of a character of two units. */
const halfCharacter = /[\uD800-\uDBFF]$/
const hidden = '***'
/** Shorter parts of an address are words (`api`, `hooks`) that hide nothing. */
const keyLengthMin = 8

/**
 * What a receiver or a connection said, fit for people: one line of at most 300 characters without control characters, in which addresses are cut to
 * their origin and no part of the endpoint's own address or secrets is left.
 */
export function fitDetail(said: string, endpoint: Pick<EndpointConfig, 'url' | 'secrets'>): string {
  let text = said.slice(0, 64 * storedLimits.detailMax).replace(invisible, ' ')
  text = text.replace(address, `$1$2/…`)
  for (const secret of secretParts(endpoint)) text = text.replaceAll(secret, hidden)
  const target = text.replace(/ +/g, ' ').trim()
  return target.slice(0, storedLimits.detailMax).replace(halfCharacter, '')
}

/** Longest first: a part of a part must not break up the whole. */
function secretParts({ url, secrets }: Pick<EndpointConfig, 'url' | 'secrets'>): readonly string[] {
  const parts = secrets
    .flatMap((secret) => [secret, secret.replace(/^whsec_/, '')])
    .filter((part) => part.length > 0)
  const parsed = URL.parse(url)
  if (parsed !== null) {
    const inAddress = [
      ...parsed.pathname.split('/'),
      ...parsed.searchParams.values(),
      parsed.password,
      parsed.username,
    ]
    for (const part of inAddress)
      for (const form of [part, decoded(part)]) if (form.length >= keyLengthMin) parts.push(form)
  }
  return [...new Set(parts)].toSorted((a, b) => b.length - a.length)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // It stands there as it is.
  }
}
