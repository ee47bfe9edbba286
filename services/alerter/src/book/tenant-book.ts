import type { AlertCommand } from '@deskpulse/contract'
import { type AlertSeverity, lateAfterMs, type Silence } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { fromJsonBytes, jsonBytes } from '@deskpulse/stream'
import { type AnnouncementBook, nothingAnnounced } from './announcements.ts'
import { bookLimits } from './limits.ts'

/** `commandId`: the command that it is of, so that a repeat of that command is known. */
export type KeptSilence = Silence & { readonly commandId: string }

/** What is kept of a tenant beside its alerts. */
export type TenantBook = {
  /** In force, to come, or over for less than `lateAfterMs`. */
  readonly silences: readonly KeptSilence[]
  /** Ids of the pipeline alerts that fire: while there is one, others are inhibited. */
  readonly stalled: readonly string[]
  /** How many alerts fire. */
  readonly firing: Readonly<Record<AlertSeverity, number>>
  readonly announced: AnnouncementBook
}

export const emptyTenantBook: TenantBook = {
  silences: [],
  stalled: [],
  firing: { info: 0, warning: 0, critical: 0 },
  announced: nothingAnnounced,
}

export type SilenceCommand = Extract<AlertCommand, { kind: 'silence' | 'unsilence' }>
export type SilenceOutcome =
  | { readonly kind: 'taken'; readonly book: TenantBook }
  /** It was taken before, or there is no such silence. */
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly code: 'too-many-silences' | 'other-tenant' }

/** A silence of a known id is changed by a new command; one that is ended early ends now. */
export function applySilence(
  book: TenantBook,
  command: SilenceCommand,
  nowMs: EpochMs,
): SilenceOutcome {
  const silences = keptAt(book.silences, nowMs)
  if (command.kind === 'unsilence') {
    const ended = silences.find(({ id, endsMs }) => id === command.silenceId && endsMs > nowMs)
    if (ended === undefined) return { kind: 'known' }
    const endsMs = Math.max(ended.startsMs, nowMs) as EpochMs
    return {
      kind: 'taken',
      book: {
        ...book,
        silences: silences.map((one) => (one === ended ? { ...one, endsMs } : one)),
      },
    }
  }
  const { silence, id: commandId } = command
  if (silence.tenant !== command.tenant) return { kind: 'refused', code: 'other-tenant' }
  const before = silences.find(({ id }) => id === silence.id)
  if (before?.commandId === commandId) return { kind: 'known' }
  const others = silences.filter((one) => one !== before)
  if (others.filter(({ endsMs }) => endsMs > nowMs).length >= bookLimits.silencesMax)
    return { kind: 'refused', code: 'too-many-silences' }
  return { kind: 'taken', book: { ...book, silences: [...others, { ...silence, commandId }] } }
}

/** What still matters: alerts are asked about for a while after a silence has ended. */
export const keptAt = (silences: readonly KeptSilence[], nowMs: EpochMs): readonly KeptSilence[] =>
  silences.filter(({ startsMs, endsMs }) => endsMs > nowMs - lateAfterMs && endsMs > startsMs)

/** Counts an alert that began or ended to fire. */
export function withFiring(
  book: TenantBook,
  severity: AlertSeverity,
  difference: 1 | -1,
): TenantBook {
  return { ...book, firing: { ...book.firing, [severity]: book.firing[severity] + difference } }
}

export function withStalled(book: TenantBook, alertId: string, isStalled: boolean): TenantBook {
  const others = book.stalled.filter((id) => id !== alertId)
  return { ...book, stalled: isStalled ? [...others, alertId] : others }
}

export const encodeTenantBook: (value: TenantBook) => Uint8Array = jsonBytes
/** One that was written before anything was announced has nothing of it. */
export const decodeTenantBook = (bytes: Uint8Array): TenantBook => ({
  ...emptyTenantBook,
  ...fromJsonBytes<Partial<TenantBook>>(bytes),
})
