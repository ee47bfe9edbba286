import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { WireEvent } from '@deskpulse/contract'
import { parseEvent } from '@deskpulse/contract'
import { eventLines } from '../commands/replay-input.ts'
import { run } from '../testing/run.ts'
import { startIngestServer } from '../testing/ingest-server.ts'
import { openInputFile } from './input-file.ts'
import { mappingOf } from './xes/mapping.ts'

/** A real log, which is not part of this repository: it lies beside it, or this test cannot run. */
const path = resolve(import.meta.dirname, '../../../../../shared/data/helpdesk.xes.gz')

type Month = {
  opened: number
  resolutions: number
  resolved: number
  resolutionMs: number
  reopened: number
}

/** Slow and obvious: every figure by its definition, straight from the list of events. */
function countedByMonth(events: readonly WireEvent[]): Map<string, Month> {
  const months = new Map<string, Month>()
  const openedMs = new Map<string, number>()
  const resolvedBefore = new Set<string>()
  for (const { type, time, data } of events) {
    const month = localMonth(time)
    const counts = months.get(month) ?? {
      opened: 0,
      resolutions: 0,
      resolved: 0,
      resolutionMs: 0,
      reopened: 0,
    }
    months.set(month, counts)
    const contactId = String(data['contactId'])
    if (type === 'deskpulse.contact.reopened.v1') counts.reopened++
    if (type === 'deskpulse.contact.opened.v1') {
      counts.opened++
      openedMs.set(contactId, Date.parse(time))
    }
    if (type !== 'deskpulse.contact.resolved.v1') continue
    counts.resolutions++
    if (resolvedBefore.has(contactId)) continue
    resolvedBefore.add(contactId)
    counts.resolved++
    counts.resolutionMs += Date.parse(time) - openedMs.get(contactId)!
  }
  return months
}

function localMonth(time: string): string {
  return Temporal.Instant.from(time)
    .toZonedDateTimeISO('Europe/Rome')
    .toPlainDate()
    .toPlainYearMonth()
    .toString()
}

async function mappedHelpdesk(): Promise<WireEvent[]> {
  const file = await openInputFile(path)
  const events: WireEvent[] = []
  const input = { format: 'xes', tenant: 'helpdesk', mapping: mappingOf('/xes/helpdesk') } as const
  for await (const line of eventLines(file, input)) events.push(JSON.parse(line) as WireEvent)
  return events
}

describe.skipIf(!existsSync(path))('the help desk log', () => {
  test('gives the figures that were computed independently, month by month in Rome', async () => {
    const months = countedByMonth(await mappedHelpdesk())
    const total = (field: keyof Month): number =>
      months.values().reduce((sum, month) => sum + month[field], 0)
    expect({
      opened: total('opened'),
      resolutions: total('resolutions'),
      resolved: total('resolved'),
      reopened: total('reopened'),
    }).toEqual({
      opened: 4_580,
      resolutions: 4_983,
      resolved: 4_569,
      reopened: 158,
    })
    expect(months.get('2010-01')).toMatchObject({
      opened: 22,
      resolutions: 14,
      resolved: 13,
      resolutionMs: 5_721_561_000,
    })
    expect(months.get('2012-10')).toMatchObject({
      opened: 42,
      resolutions: 39,
      resolved: 36,
      resolutionMs: 82_863_626_000,
    })
  })

  test('is valid by the contract, each event once, numbered in the order in which it is sent', async () => {
    const events = await mappedHelpdesk()
    expect(
      events.map((event) => parseEvent(event, { tenant: 'helpdesk' })).filter(({ ok }) => !ok),
    ).toEqual([])
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    expect(events.every(({ sequence }, index) => sequence === String(index + 1))).toBe(true)
    const sharedInstants = events.filter(({ time, data }, index) => {
      const before = events[index - 1]
      return before?.time === time && before.data['contactId'] === data['contactId']
    })
    expect(sharedInstants.length).toBeGreaterThan(300)
  })

  test('is sent whole, forward and in reverse', async () => {
    await using server = await startIngestServer()
    const forward = await run(['replay', path, '--tenant', 'helpdesk', '--url', server.url])
    const count = server.accepted.length
    expect(forward.exitCode).toBe(0)
    expect(forward.out).toContain(`accepted  ${count}\n`)
    expect(server.requests.every(({ lines }) => lines.length <= 1_000)).toBe(true)
    await run(['replay', path, '--tenant', 'helpdesk', '--url', server.url, '--reverse'])
    expect(server.accepted.slice(count)).toEqual(server.accepted.slice(0, count).toReversed())
  })
})
