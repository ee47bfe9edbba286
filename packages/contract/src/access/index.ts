export {
  type AuditAction,
  auditActions,
  auditBytesMax,
  type AuditEntry,
  decodeAuditEntry,
  encodeAuditEntry,
} from './audit-entry.ts'
export {
  type AccessRecord,
  decodeAccessRecord,
  encodeAccessRecord,
  type ErasureRecord,
  type KeyRecord,
  type SecretHash,
} from './key-record.ts'
export { type KeyText, keyText, newKey, parseKey, withoutSecrets } from './key-text.ts'
export { includesScope, type Scope, scopes, scopeSchema } from './scopes.ts'
export { isLoopback } from './loopback.ts'
