import { createHash } from 'node:crypto'
import type { AlertRule, RuleVersion } from '@deskpulse/core/alerts'
import * as z from 'zod'
import { ruleShape } from '../alerts/rule-shape.ts'
import { canonicalJson } from './canonical-json.ts'
import { shaped, shapedValue } from './shaped.ts'
import { EntryUnreadable, parseJsonBytes } from './unreadable.ts'

/** A proposed version of a tenant's alert rules. The fold takes it only if `predecessor` is the id of the current one (`null`: there is none yet). */
export type AlertRulesEntry = Omit<RuleVersion, 'fromMs'> & { readonly predecessor: string | null }

type Rules = { readonly base: readonly AlertRule[]; readonly own: readonly AlertRule[] }

/** Equal rules in equal order have equal ids: the first 128 bits of the SHA-256 of the canonical JSON of `{ base, own }`, in hex. */
export function alertRulesIdOf({ base, own }: Rules): string {
  return createHash('sha256').update(canonicalJson({ base, own })).digest('hex').slice(0, 32)
}

/** The proposal with the id of its content. */
export function alertRulesEntry(proposal: Omit<AlertRulesEntry, 'id'>): AlertRulesEntry {
  const { predecessor, origin, author, base, own } = proposal
  return { id: alertRulesIdOf(proposal), predecessor, origin, author, base, own }
}

export function encodeAlertRulesEntry(entry: AlertRulesEntry): Uint8Array {
  return Buffer.from(canonicalJson(entry), 'utf8')
}

const content = {
  id: z.string(),
  origin: z.enum(['file', 'api']),
  author: z.string().nullable(),
  base: z.array(ruleShape),
  own: z.array(ruleShape),
}
const entryShape = z.object({
  ...content,
  predecessor: z.string().nullable(),
}) satisfies z.ZodType<AlertRulesEntry>
const versionsShape = z.array(z.object({ ...content, fromMs: z.int() })) satisfies z.ZodType<
  RuleVersion[]
>

/** @throws EntryUnreadable when the entry has another shape, or its id is not that of its content. */
export function decodeAlertRulesEntry(bytes: Uint8Array): AlertRulesEntry {
  const what = 'alert rules entry'
  const value = parseJsonBytes(bytes, what)
  const entry = shapedValue(entryShape, value, what)
  // Of what was written, which may have members that this version does not know.
  if (entry.id !== alertRulesIdOf(value as Rules))
    throw new EntryUnreadable(`${what}: the id is not that of the content`)
  return entry
}

/** The record `rules:<tenant>`: the last versions, oldest first. */
export function encodeRuleVersions(versions: readonly RuleVersion[]): Uint8Array {
  return Buffer.from(canonicalJson(versions), 'utf8')
}

/** @throws EntryUnreadable */
export function decodeRuleVersions(bytes: Uint8Array): readonly RuleVersion[] {
  return shaped(versionsShape, bytes, 'alert rules record')
}
