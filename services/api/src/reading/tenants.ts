import { tenantsKey } from '@deskpulse/core'
import type { PartitionView } from './partition-view.ts'

/** Names in a partition's record of tenants; none when it is not there yet. */
function namesIn(bytes: Uint8Array | null | undefined): readonly string[] {
  return bytes ? (JSON.parse(Buffer.from(bytes).toString('utf8')) as string[]) : []
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
