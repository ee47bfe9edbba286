import type { AlertTransition, EpochMs, Silence } from '@deskpulse/core'

export type { Silence, SilenceMatcher } from '@deskpulse/core'

/** What a person asked of the alerter; applied by the owner of the tenant's (or the endpoint's) partition. `id` makes a repeat harmless. */
export type AlertCommand = { readonly id: string; readonly author: string; readonly atMs: EpochMs } & (
  | { readonly kind: 'acknowledge'; readonly tenant: string; readonly alertId: string; readonly comment: string }
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
  /** It is a trial that a person asked for. */
  readonly test: boolean
}

/** Records of `deskpulse.alerts`. Keyed by tenant; `notice` and commands to endpoints by the endpoint's name. */
export type AlertRecord =
  | { readonly kind: 'transition'; readonly transition: AlertTransition }
  | { readonly kind: 'command'; readonly command: AlertCommand }
  | { readonly kind: 'notice'; readonly endpoint: string; readonly notice: Notice }
