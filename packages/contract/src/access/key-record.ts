import * as z from 'zod'
import { id, tenantName, word } from '../events/words.ts'
import { scopeSchema } from './scopes.ts'

const keyId = z.string().regex(/^[0-9a-f]{12}$/u)
const epochMs = z.int().min(0)

/** How the secret of a key is kept: scrypt (RFC 7914), salt and hash in hexadecimal digits. */
const secretHash = z.object({
  algorithm: z.literal('scrypt'),
  cost: z.int(),
  blockSize: z.int(),
  parallelization: z.int(),
  salt: z.string(),
  hash: z.string(),
})
export type SecretHash = z.infer<typeof secretHash>

/** A key as it is kept. Nothing of it changes but that it is revoked, for good. */
const keyRecord = z.object({
  kind: z.literal('key'),
  id: keyId,
  /** What people call it, and what changes are signed with that are made with it. */
  name: word,
  /** `null`: of the installation, and so of every tenant. */
  tenant: tenantName.nullable(),
  scopes: z.array(scopeSchema).min(1),
  secret: secretHash,
  /** Of the wallboard that it opens, its address on the server that has it; `null`: no board. */
  board: z.string().nullable(),
  createdAtMs: epochMs,
  createdBy: word,
  expiresAtMs: epochMs.nullable(),
  revokedAtMs: epochMs.nullable(),
  revokedBy: word.nullable(),
})
export type KeyRecord = z.infer<typeof keyRecord>

/** When a key was last used, to a quarter of an hour. */
const keyUse = z.object({ kind: z.literal('use'), id: keyId, atMs: epochMs })

/** A customer whom answers no longer name. What is counted of them does not depend on it. */
const erasureRecord = z.object({
  kind: z.literal('erasure'),
  tenant: tenantName,
  /** As the log has it. */
  pseudonym: id,
  /** What stands in its place wherever rows and events are shown: of each pseudonym another word, that says nothing of it. */
  shownAs: word,
  atMs: epochMs,
})
export type ErasureRecord = z.infer<typeof erasureRecord>

const accessRecord = z.discriminatedUnion('kind', [keyRecord, keyUse, erasureRecord])
export type AccessRecord = z.infer<typeof accessRecord>

const keyOf = (record: AccessRecord): string =>
  record.kind === 'erasure'
    ? `erasure/${record.tenant}/${record.pseudonym}`
    : `${record.kind}/${record.id}`

/** Key and value in the topic of access, which is compacted: the last record of a key says what is. @throws ZodError for what could not be read again */
export function encodeAccessRecord(record: AccessRecord): {
  readonly key: string
  readonly value: Uint8Array
} {
  return {
    key: keyOf(record),
    value: Buffer.from(JSON.stringify(accessRecord.parse(record))),
  }
}

/** @returns `null` for what this version cannot read. */
export function decodeAccessRecord(value: Uint8Array): AccessRecord | null {
  try {
    const parsed = accessRecord.safeParse(JSON.parse(Buffer.from(value).toString()))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
