import type { EndpointKind } from '@deskpulse/contract'
import { expect, test } from 'vitest'
import { channels } from './index.ts'

/** What the vendors allow of one robot. */
const allowed: readonly {
  readonly kind: EndpointKind
  readonly messages: number
  readonly inMs: number
}[] = [
  { kind: 'wecom', messages: 20, inMs: 60_000 },
  { kind: 'dingtalk', messages: 20, inMs: 60_000 },
  { kind: 'feishu', messages: 100, inMs: 60_000 },
  { kind: 'feishu', messages: 5, inMs: 1_000 },
  { kind: 'slack', messages: 1, inMs: 1_000 },
  { kind: 'teams', messages: 4, inMs: 1_000 },
]

test.each(allowed)(
  '$kind: at most $messages messages begin within any $inMs ms, one after another',
  ({ kind, messages, inMs }) => {
    const { gapMs, parallel } = channels[kind]
    expect(Math.ceil(inMs / gapMs)).toBeLessThanOrEqual(messages)
    expect(parallel).toBe(1)
  },
)

test('a webhook is told of one alert at a time, several alerts at once', () => {
  expect(channels.webhook).toMatchObject({ noticesMax: 1, gapMs: 0 })
  expect(channels.webhook.parallel).toBeGreaterThan(1)
})
