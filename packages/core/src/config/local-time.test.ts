import { expect, test } from 'vitest'
import { hourMs } from '../time/time.ts'
import { localTimeOf } from './local-time.ts'
import { type ConfigVersion, defaultTenantConfig, type TenantConfig } from './tenant-config.ts'

const version = (id: string, hours: number, config: Partial<TenantConfig>): ConfigVersion => ({
  ...{ id, takenMs: hours * hourMs - 1, fromMs: hours * hourMs },
  config: { ...defaultTenantConfig, ...config },
})
const first = version('a', 0, {})
const limits = {
  ...defaultTenantConfig.limits,
  live: { ...defaultTenantConfig.limits.live, replyMs: 45_000 },
}

test.each<{ rule: string; later: readonly ConfigVersion[]; cuts: readonly number[] }>([
  { rule: 'another limit cuts', later: [version('b', 5, { limits })], cuts: [5] },
  { rule: 'another zone cuts', later: [version('b', 5, { timeZone: 'Asia/Tokyo' })], cuts: [5] },
  {
    rule: 'targets and the grace of closing cut nothing: no value depends on them',
    later: [
      version('b', 5, { targets: [{ kpi: 'occupancy', min: 0.6 }] }),
      version('c', 7, { closing: { graceMs: 5_000 } }),
    ],
    cuts: [],
  },
  {
    rule: 'what is undone before it is in force cuts nothing',
    later: [version('b', 5, { limits }), version('c', 5, {})],
    cuts: [],
  },
  {
    rule: 'of two that come into force at once the last one does',
    later: [version('b', 5, { limits }), version('c', 5, { timeZone: 'Asia/Tokyo' })],
    cuts: [5],
  },
  {
    rule: 'what is undone afterwards cuts twice',
    later: [version('b', 5, { limits }), version('c', 6, {})],
    cuts: [5, 6],
  },
])('$rule', ({ later, cuts }) => {
  const spans = localTimeOf([first, ...later])
  expect(spans.map(({ fromMs }) => fromMs / hourMs)).toEqual([0, ...cuts])
  expect(spans.at(-1)!.timeZone).toBe(later.at(-1)!.config.timeZone)
})
