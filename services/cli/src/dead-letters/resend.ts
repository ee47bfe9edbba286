import { type DeadLetter, decodeEvent, toWire } from '@deskpulse/contract'

/** What is sent again of a letter. */
export type Resent = {
  /** JSON without line breaks. */
  readonly line: string
  readonly tenant: string | null
  /** The folds had it: its customer is a pseudonym already. */
  readonly customersArePseudonyms: boolean
}

/** Why a letter cannot be sent again, in words. */
export type NotResent = 'cut' | 'no JSON' | 'no event'

export function resentOf(letter: DeadLetter): Resent | NotResent {
  const { original, tenant, place } = letter
  if (original.kind === 'head') return 'cut'
  if (place !== null) return entryOf(original.bytes, tenant)
  const text = Buffer.from(original.bytes).toString('utf8')
  // Between the tokens of JSON a line break is a blank, and in them there is none.
  return isJson(text)
    ? { line: text.replace(/[\r\n]/g, ' '), tenant, customersArePseudonyms: false }
    : 'no JSON'
}

function entryOf(bytes: Uint8Array, tenant: string | null): Resent | NotResent {
  try {
    return {
      line: JSON.stringify(toWire(decodeEvent(bytes, tenant ?? ''))),
      tenant,
      customersArePseudonyms: true,
    }
  } catch {
    return 'no event' // A configuration, or an entry that cannot be decoded.
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
