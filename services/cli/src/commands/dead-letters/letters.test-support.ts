import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type DeadLetter,
  encodeEvent,
  letterGroupRecord,
  originalOf,
  parseEvent,
} from '@deskpulse/contract'
import { boundedTopic, type NewRecord } from '@deskpulse/stream'
import { onTestFinished } from 'vitest'
import { manualClock } from '../../testing/manual-clock.ts'
import { run } from '../../testing/run.ts'

export const at = (text: string): number => Date.parse(`2026-03-02T${text}Z`)
export const event = (id: string, more: object = {}) =>
  JSON.stringify({
    id,
    source: '/chat',
    type: 'deskpulse.contact.opend.v1',
    tenant: 'acme',
    ...more,
  })

export function letter(text: string | Uint8Array, change: Partial<DeadLetter> = {}): DeadLetter {
  return {
    original: originalOf(typeof text === 'string' ? Buffer.from(text) : text),
    ...{
      code: 'unknown-type',
      path: '/type',
      reason: 'expected a type of docs/events.md, got deskpulse.contact.opend.v1',
    },
    ...{
      tenant: 'acme',
      source: '/chat',
      firstMs: at('01:00:00'),
      lastMs: at('01:00:00'),
      times: 1,
      place: null,
    },
    ...change,
  }
}

export const canonical = (() => {
  const wire = {
    ...{
      specversion: '1.0',
      id: 'm-9',
      source: '/chat',
      type: 'deskpulse.message.sent.v1',
      time: '2026-03-02T00:59:00.000Z',
      tenant: 'acme',
    },
    data: { contactId: 'c-1', customerId: 'AAAAAAAAAAAAAAAAAAAA-_', from: 'customer' },
  }
  const parsed = parseEvent(wire)
  if (!parsed.ok) throw new Error(parsed.code)
  return { wire, bytes: encodeEvent(parsed.event) }
})()

/** As the folds write it. */
export function foldLetter(
  value: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): NewRecord {
  const own = {
    code: 'expired',
    reason: 'gone',
    tenant: 'acme',
    stage: 'fold',
    partition: '3',
    offset: '12',
    index: '0',
  }
  return {
    key: 'acme',
    value,
    headers: { ...own, receivedAt: '2026-03-02T03:00:00.000Z', ...headers },
  }
}

/** A data directory with these records of dead letters, and the command on it. */
export async function world(records: readonly NewRecord[]) {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-letters-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'dead-letters.sqlite')
  const topic = boundedTopic({ file }) // Stays open, as a running product has it.
  onTestFinished(() => topic.close())
  for (const record of records) await topic.append([record])
  return {
    file,
    topic,
    async letters(name: string, ...args: readonly string[]) {
      const words = name.split(' ')
      return run(['dead-letters', ...words, '--data-dir', folder, ...args], {
        clock: manualClock(at('09:00:00')),
      })
    },
    async json(...args: readonly string[]) {
      const { out } = await this.letters('list', '--json', ...args)
      const lines = out
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '')
      return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    },
  }
}

export const some: readonly NewRecord[] = [
  letterGroupRecord([
    letter(event('1')),
    letter('{}', { code: 'not-an-event', source: null, times: 700_000, lastMs: at('01:00:09') }),
  ]),
  letterGroupRecord([
    letter(event('2'), { firstMs: at('02:00:00'), lastMs: at('02:00:00') }),
    letter(event('3', { tenant: 'other' }), { tenant: 'other' }),
  ]),
  foldLetter(canonical.bytes),
]
