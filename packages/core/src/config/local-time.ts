import type { LocalTimeSpan } from '../time/local-time.ts'
import type { EpochMs } from '../time/time.ts'
import type { ConfigVersion, TenantConfig } from './tenant-config.ts'

const known = new WeakMap<readonly ConfigVersion[], readonly LocalTimeSpan[]>()

/** By what a tenant's periods are reckoned (semantics 27): a period in which another configuration comes into force is cut there, as its parts mean different things. */
export const localTimeOf = (versions: readonly ConfigVersion[]): readonly LocalTimeSpan[] =>
  known.getOrInsertComputed(versions, spansOf)

function spansOf(versions: readonly ConfigVersion[]): readonly LocalTimeSpan[] {
  const inForce = versions.filter(({ fromMs }, place) => fromMs !== versions[place + 1]?.fromMs)
  return inForce.flatMap(({ fromMs, config }, place) =>
    place > 0 && countAlike(inForce[place - 1]!.config, config)
      ? []
      : [{ fromMs: fromMs as EpochMs, timeZone: config.timeZone }],
  )
}

/** They differ at most in what no value depends on. */
function countAlike(a: TenantConfig, b: TenantConfig): boolean {
  const counting = (config: TenantConfig): string =>
    JSON.stringify({ ...config, targets: null, scoreCards: null, closing: null }, inOrderOfKeys)
  return counting(a) === counting(b)
}

/** What comes from the log has its keys in another order than what is made here, and says the same. */
const inOrderOfKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value
