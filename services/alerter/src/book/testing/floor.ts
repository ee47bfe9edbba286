import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import { tenant, type World } from './world.ts'

export const contact = (id: string) => ({ subject: `contact/${id}`, contactId: id })

/** Values go on while `ms` pass: log time is the clock's. */
export async function live(world: World, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    await world.values.commit(world.clock.nowMs())
    await world.run(Math.min(5_000, ms - passed))
  }
}

export function silence(
  world: World,
  { id = 's-1', ms = 20 * minuteMs, rule = 'customer-waiting' } = {},
): void {
  const nowMs = world.clock.nowMs()
  const matchers = [{ on: 'rule', value: rule }] as const
  const endsMs = (nowMs + ms) as EpochMs
  world.command({
    kind: 'silence',
    tenant,
    silence: { id, tenant, matchers, author: 'ann', comment: '', startsMs: nowMs, endsMs },
  })
}
