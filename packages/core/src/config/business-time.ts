import { businessHours, type BusinessHours } from '../time/business-hours.ts'
import type { LocalTime } from '../time/local-time.ts'
import type { DurationMs, EpochMs } from '../time/time.ts'
import type { ConfigVersion, TenantConfig } from './tenant-config.ts'
import { localTimeOf } from './local-time.ts'
import { configAt } from './versions.ts'

/** The configuration of a tenant over time. */
export type ConfigHistory = {
  /** In force at an instant. */
  configAt(atMs: number): TenantConfig
  /** The versions after the first one, in the order in which they were taken. */
  changes(): readonly ConfigVersion[]
}

/** As readers see it. */
export type TenantHistory = ConfigHistory & {
  /** By what its periods are reckoned. */
  readonly localTime: LocalTime
}

/** One configuration, in force from the beginning. */
export const alwaysInForce = (config: TenantConfig): TenantHistory => ({
  configAt: () => config,
  changes: () => [],
  localTime: config.timeZone,
})

/** `versions` ascend by `fromMs`, the first one from the beginning of time. */
export function historyOf(versions: readonly ConfigVersion[]): TenantHistory {
  const changes = versions.slice(1)
  return {
    configAt: (atMs) => configAt(versions, atMs),
    changes: () => changes,
    localTime: localTimeOf(versions),
  }
}

/** As it was known at a log time: of the versions that came later nobody had heard, and the last one went on. */
export function knownAt(history: ConfigHistory, logTimeMs: EpochMs): ConfigHistory {
  const changes = history.changes()
  const firstUnknown = changes.findIndex(({ takenMs }) => takenMs > logTimeMs)
  if (firstUnknown < 0) return history
  const known = changes.slice(0, firstUnknown)
  const { fromMs } = changes[firstUnknown]!
  const last = known.at(-1)?.config ?? history.configAt(fromMs - 1)
  return {
    configAt: (atMs) => (atMs < fromMs ? history.configAt(atMs) : last),
    changes: () => known,
  }
}

/** When the next version will be known of that is not known at a log time; `null`: none was taken yet. */
export function nextKnownMs({ changes }: ConfigHistory, logTimeMs: EpochMs): EpochMs | null {
  const next = changes().find(({ takenMs }) => takenMs > logTimeMs)
  return next === undefined ? null : (next.takenMs as EpochMs)
}

/** Whether business time is the same by both versions, whatever the queue. */
export function haveSameHours(a: TenantConfig, b: TenantConfig): boolean {
  const hoursOf = ({ calendars, calendar, queueCalendars, timeZone }: TenantConfig): string =>
    calendar === null && Object.keys(queueCalendars).length === 0
      ? ''
      : JSON.stringify([calendars, calendar, queueCalendars, timeZone])
  return hoursOf(a) === hoursOf(b)
}

/** The hours of a queue's calendar, else of the tenant's; `null`: always open. */
export function businessHoursOf(
  { calendars, calendar, queueCalendars, timeZone }: TenantConfig,
  queue: string | null,
): BusinessHours | null {
  const name =
    queue !== null && Object.hasOwn(queueCalendars, queue) ? queueCalendars[queue]! : calendar
  const found = name !== null && Object.hasOwn(calendars, name) ? calendars[name] : undefined
  return found === undefined ? null : businessHours(found, timeZone)
}

type Span = {
  readonly startMs: EpochMs
  readonly endMs: EpochMs
  readonly hours: BusinessHours | null
}

/** `[fromMs, toMs)` in the parts in which one version is in force each. */
function spansOf(
  { configAt, changes }: ConfigHistory,
  queue: string | null,
  fromMs: number,
  toMs: number,
): readonly Span[] {
  const cuts = changes()
    .map((version) => version.fromMs)
    .filter((atMs) => fromMs < atMs && atMs < toMs)
  return [fromMs, ...cuts].map((startMs, place) => ({
    startMs: startMs as EpochMs,
    endMs: (cuts[place] ?? toMs) as EpochMs,
    hours: businessHoursOf(configAt(startMs), queue),
  }))
}

/** Business time of a queue in `[fromMs, toMs)`; each part of it is that of the version in force then. */
export function businessBetween(
  history: ConfigHistory,
  queue: string | null,
  fromMs: EpochMs,
  toMs: EpochMs,
): DurationMs {
  let sum = 0
  for (const { startMs, endMs, hours } of spansOf(history, queue, fromMs, toMs))
    sum += hours === null ? endMs - startMs : hours.between(startMs, endMs)
  return sum
}

/** The first instant at which so much business time of a queue has passed since `sinceMs`, by the versions that are known. */
export function businessAfter(
  history: ConfigHistory,
  queue: string | null,
  sinceMs: EpochMs,
  ms: DurationMs,
): EpochMs {
  let [thenMs, rest] = [sinceMs, ms]
  for (const { startMs, endMs, hours } of spansOf(history, queue, sinceMs, Infinity)) {
    thenMs = hours === null ? ((startMs + rest) as EpochMs) : hours.after(startMs, rest)
    if (thenMs <= endMs) return thenMs
    rest -= hours === null ? endMs - startMs : hours.between(startMs, endMs)
  }
  return thenMs
}

/** No calendar says anything of the queue in `[fromMs, toMs)`: business time is calendar time. */
export function isAlwaysOpen(
  history: ConfigHistory,
  queue: string | null,
  fromMs: EpochMs,
  toMs: EpochMs,
): boolean {
  return spansOf(history, queue, fromMs, toMs).every(({ hours }) => hours === null)
}
