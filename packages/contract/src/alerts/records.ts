import type { AlertTransition, Silence } from '@deskpulse/core/alerts'
import type { IssuedPeriod, IssuedPeriods } from '@deskpulse/core/closed'
import type { AppealChange } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'

export type { Silence, SilenceMatcher } from '@deskpulse/core/alerts'

/** What a person asked of the alerter; applied by the owner of the tenant's (or the endpoint's) partition. `id` makes a repeat harmless. */
export type AlertCommand = {
  readonly id: string
  readonly author: string
  readonly atMs: EpochMs
} & (
  | {
      readonly kind: 'acknowledge'
      readonly tenant: string
      readonly alertId: string
      readonly comment: string
    }
  | { readonly kind: 'silence'; readonly tenant: string; readonly silence: Silence }
  | { readonly kind: 'unsilence'; readonly tenant: string; readonly silenceId: string }
  | { readonly kind: 'enable-endpoint'; readonly endpoint: string }
  | { readonly kind: 'test-endpoint'; readonly endpoint: string }
  | { readonly kind: 'resend'; readonly endpoint: string; readonly deliveryId: string }
)

/** One alert as it is told to one endpoint: everything that a message needs, so that who sends looks nothing up. */
export type Notice = Omit<AlertTransition, 'number'> & {
  /** Hash of the alert's key. */
  readonly alertId: string
  /** 0 = first told; n = the nth repeat while it fires. */
  readonly repeat: number
  readonly text: { readonly en: string; readonly zh: string }
  /** The tenant's alert page; `null`: the installation has no public address. */
  readonly url: string | null
  readonly acknowledgedBy: string | null
  /** Of the tenant. */
  readonly timeZone: string
  /** It is a trial that a person asked for. */
  readonly test: boolean
  /** It is about what was issued of closed periods at `detectedMs`, and about no alert. */
  readonly periods?: readonly IssuedPeriod[] | undefined
  /** It is about an appeal that was filed or decided, and about no alert. */
  readonly appeal?: AppealChange | undefined
}

/** A state of an alert that was told: `repeat` as a notice has it. */
export type ToldState = Pick<Notice, 'alertId' | 'status' | 'repeat'>

/** Where the fold announced something: log time, and a place at it. For a tenant it only goes forward, also when a fold tells the log again from nothing. */
export type AnnouncedAt = {
  readonly atMs: EpochMs
  /** Of the record of the log. */
  readonly offset: number
  /** Among what was announced of that record. */
  readonly index: number
}

/** What the fold tells of a tenant beside alerts. */
export type Announcement =
  | { readonly kind: 'issued'; readonly issued: IssuedPeriods }
  | { readonly kind: 'appeal'; readonly announced: AnnouncedAt; readonly appeal: AppealChange }

/**
 * Records of `deskpulse.alerts`. Keyed by tenant; what has an `endpoint` by the endpoint's name. `told`, `announced-told` and `delivered` are the record of what was
 * told: a state that was lost is made again from them, and nothing that is over is told again.
 */
export type AlertRecord =
  | { readonly kind: 'transition'; readonly transition: AlertTransition }
  | { readonly kind: 'command'; readonly command: AlertCommand }
  | { readonly kind: 'notice'; readonly endpoint: string; readonly notice: Notice }
  /** Notices of one state went out to these endpoints. `endpoints`: everybody who was ever told of the alert. */
  | {
      readonly kind: 'told'
      readonly tenant: string
      readonly told: ToldState & { readonly atMs: EpochMs; readonly endpoints: readonly string[] }
    }
  | Announcement
  /** Notices went out of what was announced of the tenant up to there. */
  | { readonly kind: 'announced-told'; readonly tenant: string; readonly upTo: AnnouncedAt }
  /** A message ended, and its notices are done with at the endpoint: taken in, or given up. */
  | {
      readonly kind: 'delivered'
      readonly endpoint: string
      readonly messageId: string
      readonly notices: readonly ToldState[]
    }
