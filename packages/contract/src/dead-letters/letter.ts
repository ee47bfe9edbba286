import { createHash } from 'node:crypto'
import type { Original } from '../errors/original.ts'

/** Where a refused entry stands in the log. */
export type LogPlace = {
  readonly partition: number
  readonly offset: number
  readonly index: number
}

/** An input that was refused, or several equal ones that were refused together. */
export type DeadLetter = {
  readonly original: Original
  /** Of docs/errors.md; another version may know others. */
  readonly code: string
  /** JSON pointer to what is at fault; '' = the whole input, or the folds refused it. */
  readonly path: string
  readonly reason: string
  /** The tenant that it was sent to, else the one that it names. `null` = neither is well formed. */
  readonly tenant: string | null
  /** The source that it names; `null` = none that is well formed. */
  readonly source: string | null
  /** When the first and the last of the equal ones were refused; the folds' by the time of their append. */
  readonly firstMs: number
  readonly lastMs: number
  /** How many equal ones, at least 1. */
  readonly times: number
  /** `null`: ingest refused it, and the original is as it came. Else the folds did, and the original is the entry of the log, whose customer is a pseudonym. */
  readonly place: LogPlace | null
}

const identityBytes = 16

/** Equal for letters of the same bytes and tenant: by it a letter that comes back after a replay is known. 22 characters. */
export function identityOf({ original, tenant }: Pick<DeadLetter, 'original' | 'tenant'>): string {
  const cut = original.kind === 'whole' ? '' : `${original.length} ${original.sha256}`
  return createHash('sha256')
    .update(`${tenant ?? ''}\n${cut}\n`)
    .update(original.bytes)
    .digest()
    .subarray(0, identityBytes)
    .toString('base64url')
}
