import { dimensions, parseRuleSlice, parseSlice, type Slice } from '@deskpulse/core'
import { fault, type Made } from './rule-fault.ts'

const notKept = 'a slice of dimensions that are kept apart (slices of the tenant)'

/** Canonical text of a slice that a windowed rule evaluates. `keeps`: whether slices of these dimensions are kept. */
export function windowSlice(text: string, keeps: (slice: Slice) => boolean): Made<string> {
  const parsed = parseRuleSlice(text)
  if (parsed === null) return { faults: [fault('slice', expectedOf(text), text)] }
  const slice = parsed.kind === 'one' ? parsed.slice : [{ dimension: parsed.dimension, value: '*' }]
  if (!keeps(slice)) return { faults: [fault('slice', notKept, text)] }
  return { value: parsed.kind === 'one' ? parsed.text : `${parsed.dimension}=*` }
}

function expectedOf(text: string): string {
  if (text.endsWith('=*')) return `one of ${dimensions.join(', ')} before =*`
  const parsed = parseSlice(text)
  return parsed.ok ? '' : `${parsed.expected}, or <dimension>=* for every slice of one`
}

/** Canonical text of a slice that a contact or an agent must be in. */
export function subjectSlice(text: string, subject: 'contact' | 'agent'): Made<string> {
  const parsed = parseSlice(text)
  if (!parsed.ok) return { faults: [fault('slice', parsed.expected, text)] }
  const isForeign =
    subject === 'agent' &&
    parsed.slice.some(({ dimension }) => dimension !== 'agent' && dimension !== 'queue')
  return isForeign
    ? { faults: [fault('slice', 'all, or dimensions of agents: agent, queue', text)] }
    : { value: parsed.text }
}
