import { formatTime, type SilenceListResponse, type SilenceResponse } from '@deskpulse/contract'
import type { Silence } from '@deskpulse/core/alerts'
import { readSilences } from '../../book/reading.ts'
import type { AlerterHttpDeps } from '../deps.ts'
import { readTenant } from '../tenant.ts'

/** In force, to come, and for some minutes those that are over; those first that end first. */
export async function silenceList(
  deps: AlerterHttpDeps,
  name: string,
  nowMs: number,
): Promise<SilenceListResponse> {
  const { partition } = await readTenant(deps, name)
  const silences = await readSilences(deps.alertStore, partition, name)
  return { rows: silences.map((silence) => silenceView(silence, nowMs)) }
}

export function silenceView(
  { id, matchers, author, comment, startsMs, endsMs }: Silence,
  nowMs: number,
): SilenceResponse {
  const status = endsMs <= nowMs ? 'over' : startsMs <= nowMs ? 'in-force' : 'to-come'
  const times = { startsAt: formatTime(startsMs), endsAt: formatTime(endsMs) }
  return {
    id,
    matchers: matchers.map((matcher) => ({ ...matcher })),
    author,
    comment,
    ...times,
    status,
  }
}
