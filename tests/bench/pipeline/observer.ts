import { setTimeout as pause } from 'node:timers/promises'
import { nowMs } from '../measuring/clock.ts'

/** What a client of the API has seen of one tenant: from `atMs` on, so many contacts were opened. Counts only rise. */
export type Sighting = { readonly atMs: number; readonly opened: number }

export type Observer = {
  /** Resolves when every tenant shows as many opened contacts as were announced. @throws Error when nothing new came for a minute. */
  readonly done: Promise<ReadonlyMap<string, readonly Sighting[]>>
}

const patienceMs = 60_000

/**
 * Polls the API like a wallboard in a hurry. `expected`: how many contacts of each tenant will be opened. `everyMs`: between an answer and the next
 * question, of each tenant; how finely visibility is seen.
 */
export function observe(
  apiUrl: string,
  expected: ReadonlyMap<string, number>,
  everyMs = 10,
): Observer {
  const watch = async (
    tenant: string,
    count: number,
  ): Promise<readonly [string, readonly Sighting[]]> => {
    const sightings: Sighting[] = []
    for await (const sighting of sightingsOf(tenant, () => openedOf(apiUrl, tenant), everyMs)) {
      sightings.push(sighting)
      if (sighting.opened >= count) break
    }
    return [tenant, sightings]
  }
  return {
    done: Promise.all([...expected].map(([tenant, count]) => watch(tenant, count))).then(
      (all) => new Map(all),
    ),
  }
}

/** Asks on and on, and tells whenever there are more. @throws Error when nothing new came for a minute. */
export async function* sightingsOf(
  tenant: string,
  ask: () => Promise<number>,
  everyMs = 10,
): AsyncGenerator<Sighting, never> {
  for (let opened = 0, newsAtMs = nowMs(); ; await pause(everyMs)) {
    const seen = await ask()
    const atMs = nowMs()
    if (seen > opened) {
      opened = seen
      newsAtMs = atMs
      yield { atMs, opened }
    } else if (atMs - newsAtMs > patienceMs)
      throw new Error(`${tenant} stays at ${opened} opened contacts`)
  }
}

/** Contacts of the last hour, or of another window, as the API tells them. @throws Error when it answers anything else. */
export async function openedOf(apiUrl: string, tenant: string, window = '60m'): Promise<number> {
  const response = await fetch(
    `${apiUrl}/v1/tenants/${tenant}/kpis/live?slice=all&window=${window}&kpis=contacts_opened`,
  )
  const text = await response.text()
  if (response.status !== 200)
    throw new Error(`the API answers ${response.status}: ${text.slice(0, 500)}`)
  type Answer = {
    readonly rows: readonly {
      readonly kpis: Readonly<Record<string, { readonly value: number | null }>>
    }[]
  }
  return (JSON.parse(text) as Answer).rows[0]?.kpis['contacts_opened']?.value ?? 0
}

/** When the last of the announced openings was seen. */
export const lastSeenMs = (sightings: ReadonlyMap<string, readonly Sighting[]>): number =>
  Math.max(...sightings.values().map((seen) => seen.at(-1)!.atMs))

/** From when each opening was due until the first answer that counted it. `dueAtMs` in the order of the openings. */
export function latencies(dueAtMs: readonly number[], sightings: readonly Sighting[]): number[] {
  let at = 0
  return dueAtMs.map((dueMs, index) => {
    while (at < sightings.length && sightings[at]!.opened <= index) at++
    const sighting = sightings[at]
    if (sighting === undefined) throw new RangeError(`opening ${index + 1} was never seen`)
    return sighting.atMs - dueMs
  })
}
