import { decodeClosed } from '@deskpulse/core/closed'
import { decodeRecord } from '@deskpulse/core/measures'
import type { Form } from './forms.ts'

const shownMax = 1_500

/** In words, the first name of which two forms say different things, what each says, and how many there are; `null`: they are the same to the last bit. */
export function firstDifference(one: Form, other: Form): string | null {
  const names = [...new Set([...one.keys(), ...other.keys()])].sort()
  const different = names.filter((name) => !isSame(one.get(name), other.get(name)))
  const first = different[0]
  if (first === undefined) return null
  const both = [one, other].map((form) => shown(first, form.get(first)))
  return `${different.length} of ${names.length} differ, first ${first}:\n  ${both[0]}\n  ${both[1]}`
}

type Value = Uint8Array | string | undefined

function isSame(one: Value, other: Value): boolean {
  if (one === undefined || other === undefined) return false
  return Buffer.compare(Buffer.from(one as string), Buffer.from(other as string)) === 0
}

function shown(name: string, value: Value): string {
  if (value === undefined) return 'nothing'
  return textOf(name, value).slice(0, shownMax)
}

function textOf(name: string, value: Uint8Array | string): string {
  if (typeof value === 'string') return value
  try {
    if (name.startsWith('m:')) return JSON.stringify(decodeRecord(value))
    if (name.startsWith('closed:')) {
      const { measures, ...closed } = decodeClosed(value)
      return JSON.stringify({ ...closed, measures: measures.map(decodeRecord) })
    }
  } catch {
    // Its bytes are shown: they may be what is wrong.
  }
  const text = Buffer.from(value).toString()
  return /^[\x20-\x7e\s]*$/.test(text) ? text : Buffer.from(value).toString('hex')
}
