import type { TenantConfig } from '../../config/tenant-config.ts'
import type { SignOutCause, Standing } from './standing.ts'

export type AgentTimeouts = Pick<
  TenantConfig,
  'agentHeartbeatTimeoutMs' | 'agentSilenceMs' | 'agentShiftMaxMs'
>
export type SignOutDue = { readonly atMs: number; readonly by: SignOutCause }

const never: SignOutDue = { atMs: Infinity, by: 'shift-max' }

/**
 * When a sign-in that nobody ended ends (semantics 15): at the heartbeat timeout where a heartbeat came at or after the sign-in, else the shift's
 * maximum after the last event that names the agent, or the silence where one is configured. `heartbeatMs` is the largest heartbeat of the day or
 * carried into it (-Infinity: none): a sign-in before it belongs to a source that sends them, also where a sign-out lies between, since the ones
 * before are not kept.
 * @returns `atMs: Infinity` for an agent that is not signed in.
 */
export function signOutDue(
  standing: Standing,
  heartbeatMs: number,
  timeouts: AgentTimeouts,
): SignOutDue {
  const { signedInAtMs, lastHeardMs } = standing
  const { agentHeartbeatTimeoutMs, agentSilenceMs, agentShiftMaxMs } = timeouts
  if (signedInAtMs === null) return never
  if (heartbeatMs >= signedInAtMs)
    return { atMs: heartbeatMs + agentHeartbeatTimeoutMs, by: 'heartbeat' }
  const heardMs = lastHeardMs ?? signedInAtMs
  if (agentSilenceMs !== null && agentSilenceMs <= agentShiftMaxMs)
    return { atMs: heardMs + agentSilenceMs, by: 'silence' }
  return { atMs: heardMs + agentShiftMaxMs, by: 'shift-max' }
}
