import {
  decodeAlertRulesEntry,
  decodeConfigEntry,
  decodeGapAcknowledgement,
  decodeGapEntry,
  entryKinds,
  EntryUnreadable,
  eventOf,
  textOf,
  type AlertRulesEntry,
  type ConfigEntry,
  type GapAcknowledgementEntry,
} from '@deskpulse/contract'
import type { CanonicalEvent, FoundGap } from '@deskpulse/core/events'
import type { Subject } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { decodeFrame, DeskpulseError, type LogRecord, type SenderClock } from '@deskpulse/stream'

/** One entry of the log, read. `place`: where it stands, by which its refusal is identified. */
export type Incoming = {
  readonly tenant: string
  readonly bytes: Uint8Array
  readonly place: Place
} &
  /** `text`: what the bytes say. */
  (
    | {
        readonly kind: 'event'
        readonly event: CanonicalEvent
        readonly text: string
        /** Where it stands, once somebody asked (`Subjects.homeOf`). */
        home?: Subject | null
      }
    | { readonly kind: 'config'; readonly config: ConfigEntry }
    | { readonly kind: 'rules'; readonly rules: AlertRulesEntry }
    | { readonly kind: 'gap'; readonly gap: FoundGap }
    | { readonly kind: 'gap-acknowledgement'; readonly acknowledgement: GapAcknowledgementEntry }
    | { readonly kind: 'unreadable'; readonly reason: string }
  )

export type Place = { readonly offset: number; readonly index: number }

export type IncomingRecord = {
  readonly offset: number
  readonly appendedAtMs: EpochMs
  /** Absent when the frame could not be read: it moves no watermark. */
  readonly sender: {
    readonly id: string
    readonly backlogMs: number
    readonly clock?: SenderClock
  } | null
  readonly entries: readonly Incoming[]
}

/** Reads a record's frame. What cannot be read becomes an entry of its own, so that it is listed and stops nothing. */
export function readRecord(record: LogRecord): IncomingRecord {
  const { appendedAtMs, offset } = record
  const bytes = record.value ?? new Uint8Array(0)
  try {
    const frame = decodeFrame(bytes)
    const entries = frame.entries.map(({ tenant, kind, bytes: entryBytes }, index) =>
      readEntry(tenant, kind, entryBytes, { offset, index }),
    )
    return {
      offset,
      appendedAtMs,
      sender: { id: frame.sender, backlogMs: frame.backlogMs, clock: frame.clock },
      entries,
    }
  } catch (error) {
    if (!(error instanceof DeskpulseError)) throw error
    const entry: Incoming = {
      kind: 'unreadable',
      tenant: '',
      bytes,
      place: { offset, index: 0 },
      reason: error.message,
    }
    return { offset, appendedAtMs, sender: null, entries: [entry] }
  }
}

/** Entries of a tenant; the others concern the whole partition. */
export type OfTenant = Extract<Incoming, { readonly kind: 'event' | 'config' | 'rules' }>
export type IncomingEvent = Extract<Incoming, { readonly kind: 'event' }>
export const isOfTenant = (entry: Incoming): entry is OfTenant =>
  entry.kind === 'event' || entry.kind === 'config' || entry.kind === 'rules'

function readEntry(tenant: string, kind: number, bytes: Uint8Array, place: Place): Incoming {
  try {
    if (kind === entryKinds.event) {
      const text = textOf(bytes)
      return { kind: 'event', tenant, bytes, place, text, event: eventOf(text, tenant) }
    }
    if (kind === entryKinds.config)
      return { kind: 'config', tenant, bytes, place, config: decodeConfigEntry(bytes) }
    if (kind === entryKinds.alertRules)
      return { kind: 'rules', tenant, bytes, place, rules: decodeAlertRulesEntry(bytes) }
    if (kind === entryKinds.gap)
      return { kind: 'gap', tenant, bytes, place, gap: decodeGapEntry(bytes) }
    if (kind === entryKinds.gapAcknowledgement)
      return {
        kind: 'gap-acknowledgement',
        tenant,
        bytes,
        place,
        acknowledgement: decodeGapAcknowledgement(bytes),
      }
    return { kind: 'unreadable', tenant, bytes, place, reason: `entry kind ${kind}` }
  } catch (error) {
    if (!(error instanceof EntryUnreadable)) throw error
    return { kind: 'unreadable', tenant, bytes, place, reason: error.message }
  }
}
