import type { EpochMs, NoticeEndpoint, Told } from '@deskpulse/core'
import type { AlertState, Retold } from './alert-state.ts'

/** `retellMs`: it takes an alert for over unless it is told again so often; absent: told once is enough. See `Channel`. */
export type DeskEndpoint = NoticeEndpoint & { readonly retellMs?: number }

type Tell = { readonly endpoints: readonly string[]; readonly repeat: number }
/** `nextMs`: when endpoints must be told again; `null`: none must. */
export type Retelling = { readonly retold: Retold | null; readonly tells: readonly Tell[]; readonly nextMs: EpochMs | null }

/**
 * What keeps an alert alive at endpoints that forget it: told to them every `retellMs` while it fires, whether or not it is acknowledged, silenced or
 * repeated for people; so a repeat for people is not for them. Their notices are numbered above all that they were told before.
 * @param told after what is told now, by `tell`
 */
export function retell(
  before: AlertState,
  told: Told | null,
  tell: Tell | null,
  endpoints: readonly DeskEndpoint[],
  nowMs: EpochMs,
): Retelling {
  const forgetful = forgetfulOf(before, told, endpoints)
  const tells = tell === null ? [] : [withoutThose(tell, before.told, forgetful)].filter((one) => one.endpoints.length > 0)
  if (told === null || forgetful.length === 0) return { retold: null, tells, nextMs: null }
  const everyMs = Math.min(...forgetful.map(({ retellMs }) => retellMs))
  const last = before.retold ?? { repeat: told.repeat, atMs: nowMs }
  if (nowMs < last.atMs + everyMs) return { retold: last, tells, nextMs: (last.atMs + everyMs) as EpochMs }
  const repeat = Math.max(last.repeat, told.repeat) + 1
  const again = { endpoints: forgetful.map(({ name }) => name), repeat }
  return { retold: { repeat, atMs: nowMs }, tells: [...tells, again], nextMs: (nowMs + everyMs) as EpochMs }
}

type Forgetful = DeskEndpoint & { readonly retellMs: number }

/** Those that were told that it fires. */
function forgetfulOf({ transition }: AlertState, told: Told | null, endpoints: readonly DeskEndpoint[]): readonly Forgetful[] {
  if (transition.status !== 'firing' || told?.status !== 'firing') return []
  const isForgetful = (endpoint: DeskEndpoint): endpoint is Forgetful => endpoint.retellMs !== undefined
  const known = endpoints.filter(isForgetful).filter(({ name }) => told.endpoints.includes(name))
  return known.filter(({ tenants }) => tenants === null || tenants.includes(transition.tenant))
}

function withoutThose(tell: Tell, before: Told | null, forgetful: readonly DeskEndpoint[]): Tell {
  const kept = new Set(forgetful.map(({ name }) => name).filter((name) => before?.endpoints.includes(name)))
  return { ...tell, endpoints: tell.endpoints.filter((name) => !kept.has(name)) }
}
