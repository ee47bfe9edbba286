import {
  formatTime,
  type KeyRecord,
  type KeyText,
  keyText,
  type KeyView,
  type NewBoardBody,
  type NewKeyBody,
  newKey,
} from '@deskpulse/contract'
import type { KeyStore } from './key-store.ts'
import { hashSecret } from './secret.ts'

export type NewKey = NewKeyBody & {
  readonly tenant: string | null
  /** Of the wallboard that it opens; left out: it is no board's. */
  readonly board?: string
}

/** The key of a board of a tenant: what it opens, the address on the server that has it, is all that it may do. */
export function newBoard(
  tenant: string,
  { lang, ...body }: NewBoardBody,
): NewKey & { board: string } {
  const query = new URLSearchParams({ tenant, ...(lang && { lang }) }).toString()
  return { ...body, tenant, board: `/?${query}`, scopes: ['board'] }
}

/** Of the key of a board, on the server that has it. */
export const boardLink = (key: string): string => `/boards/${key}`

/** By whom, and when. */
export type Doing = { readonly by: string; readonly atMs: number }

/** Makes a key. @returns its record, and the one text that nobody can ask for again. @throws the log's error */
export async function createKey(
  keys: Pick<KeyStore, 'put'>,
  { name, tenant, scopes, expiresIn, board }: NewKey,
  { by, atMs }: Doing,
): Promise<{ readonly record: KeyRecord; readonly text: string }> {
  const key: KeyText = newKey(tenant)
  const record: KeyRecord = {
    kind: 'key',
    ...{ id: key.id, name, tenant, scopes: [...new Set(scopes)] },
    board: board ?? null,
    secret: await hashSecret(key.secret),
    ...{ createdAtMs: atMs, createdBy: by },
    expiresAtMs: expiresIn === undefined ? null : atMs + expiresIn,
    ...{ revokedAtMs: null, revokedBy: null },
  }
  await keys.put(record)
  return { record, text: keyText(key) }
}

/** Of one that was revoked before, the first time stays. @throws the log's error */
export async function revokeKey(
  keys: Pick<KeyStore, 'put'>,
  record: KeyRecord,
  { by, atMs }: Doing,
): Promise<void> {
  if (record.revokedAtMs === null) await keys.put({ ...record, revokedAtMs: atMs, revokedBy: by })
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : formatTime(ms))

/** A key as it is shown: without anything of its secret. */
export function keyView(record: KeyRecord, lastUsedMs: number | null, nowMs: number): KeyView {
  const { id, name, tenant, scopes, createdBy, expiresAtMs, revokedAtMs, revokedBy } = record
  return {
    ...{ id, name, tenant, scopes, createdBy, revokedBy },
    createdAt: formatTime(record.createdAtMs),
    expiresAt: timeOf(expiresAtMs),
    lastUsedAt: timeOf(lastUsedMs),
    revokedAt: timeOf(revokedAtMs),
    status:
      revokedAtMs !== null
        ? 'revoked'
        : expiresAtMs !== null && expiresAtMs <= nowMs
          ? 'expired'
          : 'valid',
  }
}

/** As the audit has it: what it may open, and nothing of its secret. */
export const auditedKey = ({ board }: KeyRecord, view: KeyView): object =>
  board === null ? view : { ...view, page: board }
