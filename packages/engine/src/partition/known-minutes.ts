import { decodeRecord } from '@deskpulse/core/measures'
import { bucketKey } from '@deskpulse/core/state'
import type { Load } from '@deskpulse/stream'
import type { StoredRecords } from './stored-records.ts'
import type { Tenant } from './tenant.ts'

/** A new owner learns in which slices the running minutes of its tenants hold something, and holds these records. Once, in one round trip. */
export async function knowMinutes(
  tenants: readonly Tenant[],
  records: StoredRecords,
  load: Load,
): Promise<void> {
  const unknown = tenants.flatMap((tenant) =>
    tenant.minutes.unknown().map((minute) => ({ tenant, minute })),
  )
  if (unknown.length === 0) return
  const { hashes } = await load(
    [],
    null,
    unknown.map(({ tenant, minute }) => bucketKey(tenant.name, 'minute', minute.startMs)),
  )
  for (const [index, { tenant, minute }] of unknown.entries()) {
    const bucket = records.bucket(tenant, 'minute', minute.startMs)
    for (const [field, bytes] of hashes[index] ?? []) {
      const slice = Number(field)
      if (tenant.minutes.know(minute, slice)) bucket.hold(slice).content = decodeRecord(bytes)
    }
    tenant.minutes.known()
  }
}
