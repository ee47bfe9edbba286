import { tenantsKey } from '@deskpulse/core/state'
import { fromJsonBytes } from '@deskpulse/stream'
import type { PartitionView } from './partition-view.ts'

/** Names in a partition's record of tenants; none when it is not there yet. */
function namesIn(bytes: Uint8Array | null | undefined): readonly string[] {
  return bytes ? fromJsonBytes<string[]>(bytes) : []
}

/** Tenants that the configuration names or that any partition has seen, by name. */
export async function tenantNames(
  views: readonly PartitionView[],
  configured: readonly string[],
): Promise<readonly string[]> {
  const answers = await Promise.all(
    views.map((view) => view.read({ keys: [tenantsKey], open: [] })),
  )
  return [
    ...new Set([...configured, ...answers.flatMap(({ values }) => namesIn(values[0]))]),
  ].toSorted()
}
