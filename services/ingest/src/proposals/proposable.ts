import type { AuditAction } from '@deskpulse/contract'
import type { EntryKind } from '@deskpulse/stream'
import type { Version } from './standing.ts'

export type Proposed = {
  readonly id: string
  readonly bytes: Uint8Array
  /** As `saysOf` has it of a version. */
  readonly says: unknown
}

/** A part of the file that tenants have in versions, each of them an entry of the log that names its predecessor. */
export type Proposable<One extends Version> = {
  readonly what: 'configuration' | 'alert-rules'
  readonly entryKind: EntryKind
  /** As the audit has it. */
  readonly action: AuditAction
  /** Whether the file says anything of the tenant. */
  concerns(tenant: string): boolean
  /** Of the store's record that lists the tenant's versions. */
  key(tenant: string): string
  /** Oldest first. @throws EntryUnreadable */
  decode(bytes: Uint8Array): readonly One[]
  /** Whether the version, or having none (`null`), is what the file says. */
  isOurs(tenant: string, version: One | null): boolean
  /** What the file says, as the successor of `over`. */
  entry(tenant: string, over: One | null): Proposed
  /** Of a version, what the file could say otherwise: the audit has it before and after. */
  saysOf(version: One): unknown
}
