import { createHash } from 'node:crypto'
import * as z from 'zod'
import { withoutSecrets } from './key-text.ts'

/** What can be changed, and is taken down in the topic of audit. */
export const auditActions = [
  ...(['key.create', 'key.revoke', 'board.create', 'board.revoke'] as const),
  ...(['session.begin', 'session.end'] as const),
  ...(['alert.acknowledge', 'silence.create', 'silence.end', 'rule.put', 'rule.delete'] as const),
  ...(['endpoint.enable', 'endpoint.test', 'delivery.resend'] as const),
  ...(['configuration.propose', 'rules.propose'] as const),
  ...(['import.send', 'appeal.file', 'appeal.decide', 'customer.erase'] as const),
] as const
export type AuditAction = (typeof auditActions)[number]

const nullableText = z.string().nullable()

export const auditFields = {
  /** Its own, also where the log has the same entry twice. */
  id: z.string(),
  who: z.object({
    id: z.string().meta({
      description: 'the id of a key; everybody: nobody is asked; file: the configuration file',
    }),
    name: nullableText.meta({
      description: 'of the key; where nobody is asked, what was typed as author',
    }),
  }),
  from: z.object({
    address: nullableText.meta({ description: 'of the client; null: it came over no network' }),
    userAgent: nullableText.meta({ description: 'its first 200 characters' }),
  }),
  tenant: nullableText.meta({ description: 'null: the installation' }),
  action: z.enum(auditActions),
  object: z.string().meta({ description: 'the id or name of what was changed' }),
  before: z.unknown().meta({ description: 'null: there was nothing, or nothing is known' }),
  after: z.unknown().meta({ description: 'null: there is nothing any more' }),
}

/** One change: who made it, from where, and what was before and after. When: the time at which the log took it. */
const auditEntry = z.object(auditFields)
export type AuditEntry = z.infer<typeof auditEntry>

/** Of `before`, and of `after`, as JSON. */
export const auditBytesMax = 32 * 1024

/** What is larger is told apart by its hash alone. */
function bounded(content: unknown): unknown {
  const json = Buffer.from(JSON.stringify(content ?? null))
  if (json.length <= auditBytesMax) return content ?? null
  return { bytes: json.length, sha256: createHash('sha256').update(json).digest('hex') }
}

/** Keys that somebody wrote into a comment lose their secrets. */
export function encodeAuditEntry(entry: AuditEntry): Uint8Array {
  const { before, after } = entry
  const whole = { ...entry, before: bounded(before), after: bounded(after) }
  return Buffer.from(withoutSecrets(JSON.stringify(whole)))
}

/** @returns `null` for what this version cannot read. */
export function decodeAuditEntry(value: Uint8Array): AuditEntry | null {
  try {
    const parsed = auditEntry.safeParse(JSON.parse(Buffer.from(value).toString()))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
