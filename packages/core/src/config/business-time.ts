import { businessHours, type BusinessHours } from '../time/business-hours.ts'
import type { DurationMs, EpochMs } from '../time/time.ts'
import type { ConfigVersion, TenantConfig } from './tenant-config.ts'
import { configAt, futureMaxMs } from './versions.ts'

/** The configuration of a tenant over time. */
export type ConfigHistory = {
  /** In force at an instant. */
  configAt(atMs: number): TenantConfig
  /** When another version comes into force, ascending. */
  changesMs(): readonly number[]
}

/** One configuration, in force from the beginning. */
export const alwaysInForce = (config: TenantConfig): ConfigHistory => ({
  configAt: () => config,
  changesMs: () => [],
})

/** `versions` ascend by `fromMs`, the first one from the beginning of time. */
export const historyOf = (versions: readonly ConfigVersion[]): ConfigHistory => ({
  configAt: (atMs) => configAt(versions, atMs),
  changesMs: () => versions.slice(1).map(({ fromMs }) => fromMs),
})

/** As it was known at a log time: of the versions that came later nobody had heard, and the last one went on. */
export function knownAt(history: ConfigHistory, logTimeMs: EpochMs): ConfigHistory {
  const knownMs = logTimeMs + futureMaxMs + 1 // What is taken at a log time is in force from then on.
  const changesMs = history.changesMs()
  if ((changesMs.at(-1) ?? -Infinity) <= knownMs) return history
  return {
    configAt: (atMs) => history.configAt(Math.min(atMs, knownMs)),
    changesMs: () => changesMs.filter((atMs) => atMs <= knownMs),
  }
}

/** When the next version will be known of that is not known at a log time; `null`: none was taken yet. */
export function nextKnownMs({ changesMs }: ConfigHistory, logTimeMs: EpochMs): EpochMs | null {
  const nextMs = changesMs().find((atMs) => atMs > logTimeMs + futureMaxMs + 1)
  return nextMs === undefined ? null : ((nextMs - futureMaxMs - 1) as EpochMs)
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
  { configAt, changesMs }: ConfigHistory,
  queue: string | null,
  fromMs: number,
  toMs: number,
): readonly Span[] {
  const cuts = changesMs().filter((atMs) => fromMs < atMs && atMs < toMs)
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
