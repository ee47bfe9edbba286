import { expect, test } from 'vitest'
import { defaultTenantConfig } from './tenant-config.ts'

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

test('without configuration times are what docs/configuration.md says', () => {
  const { limits, waitMaxMs, thresholdsSeconds, sliceValuesMax, ...others } = defaultTenantConfig
  expect(limits).toEqual({
    voice: { firstResponseMs: 20 * second, replyMs: 20 * second, resolutionMs: null },
    live: { firstResponseMs: 28 * second, replyMs: 30 * second, resolutionMs: null },
    deferred: { firstResponseMs: hour, replyMs: hour, resolutionMs: 24 * hour },
  })
  expect(waitMaxMs).toEqual({ voice: 4 * hour, live: 24 * hour, deferred: 35 * 24 * hour })
  expect({ thresholdsSeconds, sliceValuesMax }).toEqual({
    thresholdsSeconds: [30, 180],
    sliceValuesMax: 20_000,
  })
  expect(others).toMatchObject({
    fcrWindowMs: 72 * hour,
    returnGapMs: 10 * minute,
    clockSkewMs: 2 * second,
    engagedIdleMs: 10 * minute,
    agentHeartbeatTimeoutMs: 2 * minute,
    agentSilenceMs: null,
    agentShiftMaxMs: 16 * hour,
    closing: { graceMs: minute },
  })
})
