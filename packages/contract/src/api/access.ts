import * as z from 'zod'
import { auditActions, auditFields } from '../access/audit-entry.ts'
import { scopeSchema } from '../access/scopes.ts'
import { duration } from '../config/duration.ts'
import { dayMs } from '@deskpulse/core/time'
import { tenantName, word } from '../events/words.ts'
import { epochMsOf, timePattern } from '../events/time.ts'
import { instant } from './instant.ts'
import { pageOf } from './parameters.ts'

const keyId = z.string().regex(/^[0-9a-f]{12}$/u, { error: 'an id of 12 hexadecimal digits' })
const expiresIn = duration(60_000, 3_650 * dayMs).optional()
const name = word.meta({ description: 'what people call it: 1 to 128 characters' })

export const keyPath = z.strictObject({ id: keyId })
export const tenantKeyPath = z.strictObject({ tenant: tenantName, id: keyId })
export const boardPath = z.strictObject({ key: z.string().max(200) })

export const newKeyBody = z.strictObject({
  name,
  scopes: z.array(scopeSchema).min(1).max(5),
  expiresIn,
})
export type NewKeyBody = z.infer<typeof newKeyBody>

export const newBoardBody = z.strictObject({
  name,
  lang: z.enum(['en', 'zh']).optional(),
  expiresIn,
})
export type NewBoardBody = z.infer<typeof newBoardBody>

const keyFields = {
  id: z.string(),
  name: z.string(),
  tenant: z.string().nullable().meta({ description: 'null: the installation, and every tenant' }),
  scopes: z.array(scopeSchema),
  createdAt: instant,
  createdBy: z.string(),
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable().meta({ description: 'to a quarter of an hour' }),
  revokedAt: instant.nullable(),
  revokedBy: z.string().nullable(),
  status: z.enum(['valid', 'expired', 'revoked']),
}

export const keySchema = z.object(keyFields)
export type KeyView = z.infer<typeof keySchema>
export const keysSchema = z.object({ keys: z.array(keySchema) })
export const keyCreatedSchema = z.object({
  ...keyFields,
  key: z.string().meta({ description: 'the key itself: it is never shown again' }),
})
export type KeyCreated = z.infer<typeof keyCreatedSchema>

const boardFields = { ...keyFields, page: z.string() }
export const boardSchema = z.object(boardFields)
export type BoardView = z.infer<typeof boardSchema>
export const boardsSchema = z.object({ boards: z.array(boardSchema) })
export const boardCreatedSchema = z.object({
  ...boardFields,
  link: z.string().meta({ description: 'what a screen opens: it is never shown again' }),
})
export type BoardCreated = z.infer<typeof boardCreatedSchema>

/** A path of this server, and nothing that a browser reads as another one. */
const ownPath = z
  .string()
  .max(2_000)
  .regex(/^\/(?![/\\])[\u0021-\u005b\u005d-\u007e]*$/u)

export const signInQuery = z.strictObject({ to: ownPath.catch('/').default('/') })
/** What an OpenID provider leads back with. */
export const signInCallbackQuery = z.looseObject({})

export const sessionSchema = z.object({
  mode: z.enum(['open', 'keys']),
  name: z.string().nullable().meta({ description: 'null: nobody is asked who they are' }),
  tenants: z.array(z.string()).nullable().meta({ description: 'null: every tenant' }),
  scopes: z.array(scopeSchema),
})
export type SessionView = z.infer<typeof sessionSchema>

const askedInstant = z
  .string()
  .regex(timePattern, { error: 'an RFC 3339 time with seconds and offset' })
  .meta({ format: 'date-time' })
  .transform(epochMsOf)

export const auditQuery = z.strictObject({
  from: askedInstant.optional().meta({ description: 'entries at or after it' }),
  to: askedInstant.optional().meta({ description: 'entries before it' }),
  action: z.enum(auditActions).optional(),
  who: word.optional().meta({ description: 'an id or a name' }),
  ...pageOf(200, 50),
})
export type AuditQuery = z.output<typeof auditQuery>

export const auditSchema = z.object({
  rows: z.array(z.object({ at: instant, ...auditFields })),
  cursor: z.string().optional().meta({
    description: 'there may be older ones; a page may have fewer rows than were asked for, or none',
  }),
})
export type AuditResponse = z.infer<typeof auditSchema>
