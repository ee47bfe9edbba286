import {
  decodeRefusalHead,
  decodeRefusalPage,
  type ListedRefusal,
  refusalKeys,
  refusalsNewestFirst,
} from '@deskpulse/contract'
import type { MemoryStore } from '../replay/memory-store.ts'

/** What is listed of a tenant, the newest first; `total`: all that ever was. */
export function listOf(
  store: MemoryStore,
  tenant: string,
): { readonly total: number; readonly refusals: readonly ListedRefusal[] } {
  const [head, ...pages] = refusalKeys(tenant).map((key) => store.records.get(key) ?? null)
  if (!head) return { total: 0, refusals: [] }
  const decoded = decodeRefusalHead(head)
  const ring = pages.map((bytes) => (bytes ? decodeRefusalPage(bytes) : null))
  return {
    total: decoded.total,
    refusals: [...refusalsNewestFirst(decoded, ring)].map(({ refusal }) => refusal),
  }
}
