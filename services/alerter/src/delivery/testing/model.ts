import type { AlertSeverity } from '@deskpulse/core/alerts'
import fc from 'fast-check'
import { alertIdOf } from '@deskpulse/contract'
import type { Death } from './memory-ledger.ts'
import { answered, failed, never, type Reply } from './receivers.ts'

export const endpointNames = ['grouped', 'single', 'renewed'] as const
export type EndpointName = (typeof endpointNames)[number]

export type Step =
  /** The alert moves on: it fires, goes on firing (a repeat), ends, or is taken back. */
  | {
      readonly kind: 'alert'
      readonly endpoint: EndpointName
      readonly alert: number
      readonly to: 'next' | 'resolved' | 'retracted'
    }
  /** The last so many records come again. */
  | { readonly kind: 'again'; readonly count: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'answers'; readonly endpoint: EndpointName; readonly answer: Answering }
  | { readonly kind: 'enable' | 'test'; readonly endpoint: EndpointName }
  /** Of those that are listed. */
  | { readonly kind: 'resend'; readonly endpoint: EndpointName; readonly at: number }
  /** So long takes a write from now on. */
  | { readonly kind: 'writes'; readonly ms: number }
  | { readonly kind: 'kill' }
  | { readonly kind: 'stop' }
  /** The process dies at the nth write from now. */
  | { readonly kind: 'die'; readonly writes: number; readonly death: Death }

export const answerings = [
  'accepted',
  'slow',
  'refused',
  'too-many',
  'broken',
  'unreachable',
  'gone',
  'never',
  'mixed',
] as const
export type Answering = (typeof answerings)[number]

export function replyOf(answering: Answering, requests: number): Reply {
  switch (answering) {
    case 'accepted':
      return answered(200, 3)
    case 'slow':
      return answered(200, 4_000)
    case 'refused':
      return answered(400, 7)
    case 'too-many':
      return answered(429, 2, { 'retry-after': '20' })
    case 'broken':
      return failed('answer-broken', 11)
    case 'unreachable':
      return failed('connection-failed', 1)
    case 'gone':
      return answered(410, 2)
    case 'never':
      return never
    case 'mixed':
      return replyOf(
        (['accepted', 'refused', 'broken', 'accepted', 'slow'] as const)[requests % 5]!,
        requests,
      )
  }
}

const endpoint = fc.constantFrom(...endpointNames)
const alertsOfEndpoint = 8

/** What happens to it, in any order. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('alert' as const),
        endpoint,
        alert: fc.nat(alertsOfEndpoint - 1),
        to: fc.constantFrom(
          'next' as const,
          'next' as const,
          'resolved' as const,
          'retracted' as const,
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('again' as const),
        count: fc.integer({ min: 1, max: 6 }),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        ms: fc.constantFrom(1, 5, 20, 300, 2_000, 30_000, 900_000),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('answers' as const),
        endpoint,
        answer: fc.constantFrom(...answerings),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('enable' as const, 'test' as const), endpoint }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('resend' as const), endpoint, at: fc.nat(9) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('writes' as const),
        ms: fc.constantFrom(0, 1, 40, 700),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('die' as const),
        writes: fc.nat(4),
        death: fc.constantFrom('before-write' as const, 'after-write' as const),
      }),
    },
  ),
  { minLength: 20, maxLength: 120, size: 'max' },
)

const severities: readonly AlertSeverity[] = ['info', 'warning', 'critical']

/** The history of an alert, as an alert book tells it: an alert that ended is followed by a new one on the same subject. */
export class AlertHistory {
  private number = 1
  private repeat = -1
  private readonly subject: string
  private readonly severity: AlertSeverity

  constructor(endpoint: EndpointName, alert: number) {
    this.subject = `contact/${endpoint}-${alert}`
    this.severity = severities[alert % 3]!
  }

  /** What is told next; `null`: nothing, because it does not fire. */
  tell(to: 'next' | 'resolved' | 'retracted') {
    const key = {
      tenant: 'acme',
      rule: 'customer-waiting',
      subject: this.subject,
      number: this.number,
    }
    const notified = { alertId: alertIdOf(key), subject: this.subject, severity: this.severity }
    if (to === 'next') return { ...notified, status: 'firing' as const, repeat: ++this.repeat }
    if (this.repeat === -1) return null
    this.number++
    this.repeat = -1
    return {
      ...notified,
      status: 'resolved' as const,
      repeat: 0,
      end: to === 'resolved' ? ('over' as const) : ('retracted' as const),
    }
  }
}
