import { defaultTenantConfig } from '../config/tenant-config.ts'
import { agentsAvailable, agentsByState, occupancy, utilization } from './agents.ts'
import { backlog, contactsHandled, contactsOpened, contactsResolved, reopenEvents, resolutionEvents } from './contacts.ts'
import type { Kpi } from './kpi.ts'
import { fcrGross, resolutionTimeFromRequest } from './resolution.ts'
import {
  answeredWithinSecondsOfDue,
  answeredWithinTargetOfAnswered,
  answeredWithinTargetOfDue,
  firstResponseTime,
  responseTime,
} from './response.ts'
import { longestWait, lostWaits, waitingNow, waitingOverTarget } from './waiting.ts'

const fixed: readonly Kpi[] = [
  firstResponseTime,
  responseTime,
  answeredWithinTargetOfAnswered,
  answeredWithinTargetOfDue,
  waitingNow,
  longestWait,
  waitingOverTarget,
  lostWaits,
  contactsOpened,
  contactsHandled,
  contactsResolved,
  resolutionEvents,
  reopenEvents,
  resolutionTimeFromRequest,
  fcrGross,
  backlog,
  occupancy,
  utilization,
  agentsByState,
  agentsAvailable,
]

export type Catalogue = {
  /** In the order of the documentation. */
  readonly kpis: readonly Kpi[]
  /** `undefined`: there is no such KPI. */
  byId(id: string): Kpi | undefined
}

function build(thresholdsSeconds: readonly number[]): Catalogue {
  const thresholds = [...new Set(thresholdsSeconds)].sort((a, b) => a - b).map(answeredWithinSecondsOfDue)
  const place = fixed.indexOf(answeredWithinTargetOfDue) + 1
  const kpis = fixed.toSpliced(place, 0, ...thresholds)
  const ids = new Map(kpis.map((kpi) => [kpi.id, kpi]))
  return { kpis, byId: (id) => ids.get(id) }
}

const built = new WeakMap<readonly number[], Catalogue>() // One for each list of thresholds: a memo, not state.

/** Every KPI of a tenant with these thresholds; without them, of the default ones. */
export function catalogueOf(config: { readonly thresholdsSeconds: readonly number[] } = defaultTenantConfig): Catalogue {
  return built.getOrInsertComputed(config.thresholdsSeconds, build)
}
