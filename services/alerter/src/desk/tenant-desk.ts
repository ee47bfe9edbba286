import type { AlertCommand } from '@deskpulse/contract'
import { type AlertSeverity, type EpochMs, lateAfterMs, type Silence } from '@deskpulse/core'
import { deskLimits } from './limits.ts'

/** `commandId`: the command that it is of, so that a repeat of that command is known. */
export type KeptSilence = Silence & { readonly commandId: string }

/** What concerns all alerts of a tenant. */
export type TenantDesk = {
  /** In force, to come, or over for less than `lateAfterMs`. */
  readonly silences: readonly KeptSilence[]
  /** Ids of the pipeline alerts that fire: while there is one, others are inhibited. */
  readonly stalled: readonly string[]
  /** How many alerts fire. */
  readonly firing: Readonly<Record<AlertSeverity, number>>
}

export const emptyTenantDesk: TenantDesk = {
  silences: [],
  stalled: [],
  firing: { info: 0, warning: 0, critical: 0 },
}

export type SilenceCommand = Extract<AlertCommand, { kind: 'silence' | 'unsilence' }>
export type SilenceOutcome =
  | { readonly kind: 'taken'; readonly desk: TenantDesk }
  /** It was taken before, or there is no such silence. */
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly code: 'too-many-silences' | 'other-tenant' }

/** A silence of a known id is changed by a new command; one that is ended early ends now. */
export function applySilence(
  desk: TenantDesk,
  command: SilenceCommand,
  nowMs: EpochMs,
): SilenceOutcome {
  const silences = keptAt(desk.silences, nowMs)
  if (command.kind === 'unsilence') {
    const ended = silences.find(({ id, endsMs }) => id === command.silenceId && endsMs > nowMs)
    if (ended === undefined) return { kind: 'known' }
    const endsMs = Math.max(ended.startsMs, nowMs) as EpochMs
    return {
      kind: 'taken',
      desk: {
        ...desk,
        silences: silences.map((one) => (one === ended ? { ...one, endsMs } : one)),
      },
    }
  }
  const { silence, id: commandId } = command
  if (silence.tenant !== command.tenant) return { kind: 'refused', code: 'other-tenant' }
  const before = silences.find(({ id }) => id === silence.id)
  if (before?.commandId === commandId) return { kind: 'known' }
  const others = silences.filter((one) => one !== before)
  if (others.filter(({ endsMs }) => endsMs > nowMs).length >= deskLimits.silencesMax)
    return { kind: 'refused', code: 'too-many-silences' }
  return { kind: 'taken', desk: { ...desk, silences: [...others, { ...silence, commandId }] } }
}

/** What still matters: alerts are asked about for a while after a silence has ended. */
export const keptAt = (silences: readonly KeptSilence[], nowMs: EpochMs): readonly KeptSilence[] =>
  silences.filter(({ startsMs, endsMs }) => endsMs > nowMs - lateAfterMs && endsMs > startsMs)

/** Counts an alert that began or ended to fire. */
export function withFiring(
  desk: TenantDesk,
  severity: AlertSeverity,
  difference: 1 | -1,
): TenantDesk {
  return { ...desk, firing: { ...desk.firing, [severity]: desk.firing[severity] + difference } }
}

export function withStalled(desk: TenantDesk, alertId: string, isStalled: boolean): TenantDesk {
  const others = desk.stalled.filter((id) => id !== alertId)
  return { ...desk, stalled: isStalled ? [...others, alertId] : others }
}

export const encodeTenantDesk = (desk: TenantDesk): Uint8Array =>
  Buffer.from(JSON.stringify(desk), 'utf8')
export const decodeTenantDesk = (bytes: Uint8Array): TenantDesk =>
  JSON.parse(Buffer.from(bytes).toString('utf8')) as TenantDesk
