import type { ClientTls, EndpointConfig, Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'

/** What goes out in one request. Its id is the same in every attempt, and so are its notices. */
export type Message = { readonly id: string; readonly notices: readonly Notice[] }

/** A POST unless it says `GET`, which has no body. */
export type OutRequest = {
  readonly method?: 'GET'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whom to trust instead of the well-known authorities, and the certificate to show. */
  readonly tls?: ClientTls
}

/** An answer: its body is cut at `answerBytesMax`. Names of headers are in lower case. */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Verdict =
  | { readonly kind: 'accepted' }
  /** Try again; `afterMs`: not earlier than so long from now, as the receiver asked. `reason`: a short code, `detail` what it said. */
  | {
      readonly kind: 'refused'
      readonly reason: string
      readonly detail: string
      readonly afterMs?: number
    }
  /** The receiver wants no more of this, ever. */
  | { readonly kind: 'gone'; readonly detail: string }

/** How one kind of endpoint is spoken to. Pure: same message, endpoint and time, same request. */
export type Channel = {
  /** How many notices one message may hold, beside a summary (`summaryOf`). */
  readonly noticesMax: number
  /** Messages under way at a time. */
  readonly parallel: number
  /** Least time between the beginnings of two messages: the channel's rate limit. */
  readonly gapMs: number
  /** A receiver that takes an alert for over unless it is told again: every so long while it fires, acknowledged or not. Absent: told once is enough. */
  readonly renewMs?: number
  /** The receiver groups alerts by itself: what is found late is told one by one. */
  readonly groups?: true
  /** It is told of no alert, but pinged every so long while alerts could be told. */
  readonly pingMs?: number
  request(endpoint: EndpointConfig, message: Message, nowMs: EpochMs): OutRequest
  judge(answer: Answer, nowMs: EpochMs): Verdict
}
