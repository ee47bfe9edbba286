import {
  encodeRefusalHead,
  encodeRefusalPage,
  type ListedRefusal,
  pageOfRefusal,
  refusalLimits,
} from '@deskpulse/contract'
import { refusalPageKey, refusalsKey } from '@deskpulse/core/state'
import type { Floor } from './floor.ts'

const { perPage } = refusalLimits
const startMs = Date.parse('2026-03-02T01:00:00Z')

/** The n-th entry of the log that was refused, one a second. */
export function refusal(
  n: number,
  change: Partial<ListedRefusal> = {},
  source = '/chat',
): ListedRefusal {
  const event = {
    type: 'message.sent',
    source,
    id: `m-${n}`,
    timeMs: startMs,
    sequence: '7',
    data: { contactId: 'c-1', from: 'agent' },
  } as const
  const place = { partition: 0, offset: n, index: 3 }
  return {
    atMs: startMs + n * 1_000,
    code: 'id-conflict',
    reason: 'the same source and id came with other content, which stays',
    ...place,
    event,
    ...change,
  }
}

/** Writes the whole list of a tenant, the oldest first. */
export function putRefusals(
  floor: Floor,
  refusals: readonly ListedRefusal[],
  tenant = 'acme',
): void {
  const full = refusals.length - (refusals.length % perPage)
  for (let from = 0; from < full; from += perPage) {
    floor.put(
      refusalPageKey(tenant, pageOfRefusal(from)),
      encodeRefusalPage(refusals.slice(from, from + perPage)),
    )
  }
  floor.put(
    refusalsKey(tenant),
    encodeRefusalHead({ total: refusals.length, filling: refusals.slice(full) }),
  )
}
