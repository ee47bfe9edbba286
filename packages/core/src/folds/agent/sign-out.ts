import type { TenantConfig } from '../../config/tenant-config.ts'
import type { SignOutCause, Standing } from './standing.ts'

export type AgentTimeouts = Pick<TenantConfig, 'agentHeartbeatTimeoutMs' | 'agentSilenceMs' | 'agentShiftMaxMs'>
export type SignOutDue = { readonly atMs: number; readonly by: SignOutCause }

const never: SignOutDue = { atMs: Infinity, by: 'silence' }

/**
 * When a sign-in that nothing more is heard of ends (semantics 15): at the heartbeat timeout where a heartbeat came at or after the sign-in, else
 * after the silence; at the shift's maximum at the latest. `heartbeatMs` is the largest heartbeat of the day or carried into it (-Infinity: none): a
 * sign-in before it belongs to a source that sends them, also where a sign-out lies between, since the ones before are not kept.
 * @returns `atMs: Infinity` for an agent that is not signed in.
 */
export function signOutDue(standing: Standing, heartbeatMs: number, timeouts: AgentTimeouts): SignOutDue {
  const { signedInAtMs, lastHeardMs } = standing
  if (signedInAtMs === null) return never
  const shiftEndMs = signedInAtMs + timeouts.agentShiftMaxMs
  const gone: SignOutDue =
    heartbeatMs >= signedInAtMs
      ? { atMs: heartbeatMs + timeouts.agentHeartbeatTimeoutMs, by: 'heartbeat' }
      : { atMs: (lastHeardMs ?? signedInAtMs) + timeouts.agentSilenceMs, by: 'silence' }
  return gone.atMs <= shiftEndMs ? gone : { atMs: shiftEndMs, by: 'shift-max' }
}
