import { createHmac } from 'node:crypto'
import { decodeEvent, parseConfig } from '@deskpulse/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { intake } from './intake.ts'
import { continued } from './known-keys.ts'
import { noMetrics } from './metrics.ts'
import type { CustomerKeys } from './pseudonym.ts'
import { tenantDirectory } from './tenants.ts'

const minute = 60_000
const startMs = Date.parse('2026-03-01T00:00:00Z')
const untilMs = startMs + 60 * minute
const before: CustomerKeys = { key: 'the key of before', previous: [] }
const after: CustomerKeys = {
  key: 'the key of after',
  previous: [{ key: 'the key of before', untilMs }],
}

type Step =
  | { readonly kind: 'restart' }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'event'; readonly minute: number; readonly customer: string }
  | { readonly kind: 'repeat'; readonly nth: number }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('restart' as const) }),
    fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(1, 10, 40) }),
    fc.record({
      kind: fc.constant('event' as const),
      minute: fc.oneof(fc.constantFrom(59, 60, 61), fc.nat(120)),
      customer: fc.constantFrom('u-1', 'u-2'),
    }),
    fc.record({ kind: fc.constant('repeat' as const), nth: fc.nat(20) }),
  ),
  { minLength: 15, maxLength: 60, size: 'max' },
)
const types = fc.constantFrom('contact.updated', 'customer.started', 'customer.left')

const parsed = parseConfig({ tenants: { acme: { pseudonymise: { key: 'a-key-of-acme-it-is' } } } })
if (!parsed.ok) throw new Error('the configuration is good')
const { config } = parsed

/** One ingest after the other; whoever starts once the change is decided has both keys. */
function installation(changedAtMs: number) {
  const log = new Map<string, string[]>()
  let nowMs = startMs
  let known: Parameters<typeof continued>[0] = null
  function started() {
    const keys = nowMs < changedAtMs ? before : after
    const verdict = continued(known, keys, nowMs)
    if (!verdict.ok) throw new Error(JSON.stringify(verdict.fault))
    known = verdict.known
    return intake({
      writer: {
        async append(tenant, _kind, bytes) {
          const { id } = decodeEvent(bytes, tenant)
          log.set(id, [...(log.get(id) ?? []), Buffer.from(bytes).toString()])
        },
      },
      deadLetters: { write: async () => {} },
      tenants: tenantDirectory(config, null),
      keysOf: () => keys,
      metrics: noMetrics,
      nowMs: () => nowMs,
      onAccepted: () => {},
    })
  }
  let present = started()
  return {
    log,
    restart: () => void (present = started()),
    /** Every process has the new configuration once the change is decided. */
    wait(minutes: number) {
      const toMs = nowMs + minutes * minute
      if (nowMs < changedAtMs && toMs >= changedAtMs) {
        nowMs = changedAtMs
        present = started()
      }
      nowMs = toMs
    },
    take: (bytes: Uint8Array) => present.take(bytes, { tenant: 'acme', nowMs }),
  }
}

const pseudonym = (key: string, customer: string): string =>
  createHmac('sha256', key).update(customer).digest().subarray(0, 16).toString('base64url')

test('whatever comes in whatever order, however often, over restarts: the time of an event alone says under which key its customer is hidden', () => {
  let [olds, news] = [0, 0]
  fc.assert(
    fc.property(steps, types, fc.nat(50), (all, type, changedAfter) => {
      const one = installation(startMs + changedAfter * minute)
      const sent: Uint8Array[] = []
      const truth = new Map<string, { readonly atMs: number; readonly customer: string }>()
      for (const step of all) {
        if (step.kind === 'restart') one.restart()
        if (step.kind === 'wait') one.wait(step.minutes)
        if (step.kind === 'repeat' && sent.length > 0) one.take(sent[step.nth % sent.length]!)
        if (step.kind !== 'event') continue
        const id = `e-${sent.length}`
        const atMs = startMs + step.minute * minute
        const event = {
          ...{ specversion: '1.0', id, source: '/crm', tenant: 'acme' },
          ...{ type: `deskpulse.${type}.v1`, time: new Date(atMs).toISOString() },
          data: { contactId: 'c', customerId: step.customer },
        }
        const bytes = Buffer.from(JSON.stringify(event))
        sent.push(bytes)
        truth.set(id, { atMs, customer: step.customer })
        one.take(bytes)
      }
      for (const [id, entries] of one.log) {
        expect(new Set(entries).size, id).toBe(1)
        const isEnd = id.includes(':until-')
        const told = id.split(/:(?:from|until)-/)[0]!
        const { atMs, customer } = truth.get(told)!
        const isOwn = type !== 'contact.updated' && atMs >= untilMs
        if (!isEnd) expect(id.includes(':from-')).toBe(isOwn)
        const { data } = decodeEvent(Buffer.from(entries[0]!), 'acme')
        const isOld = isEnd || atMs < untilMs
        expect(data.customerId).toBe(
          pseudonym(isOld ? (before.key as string) : (after.key as string), customer),
        )
        if (isOld) olds += 1
        else news += 1
        if (atMs >= untilMs && !isEnd)
          expect(one.log.has(`${told}:until-${new Date(untilMs).toISOString()}`)).toBe(isOwn)
      }
    }),
    { numRuns: 300 },
  )
  expect([olds > 100, news > 100]).toEqual([true, true])
})
