import type { Answer, OutRequest } from '../channels/channel.ts'

/** Why no answer came. `address-refused`: the name leads to an address that is not allowed; nothing was sent. */
export type SendFailure =
  | 'address-refused'
  | 'name-unknown'
  | 'connection-failed'
  | 'tls-failed'
  | 'timed-out'
  | 'answer-broken'
  | 'stopped'

export type Sent =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly reason: SendFailure; readonly detail: string }

/** Sends one request: follows no redirect, reads at most `answerBytesMax` of the answer, decides about the address when it connects. Never rejects. */
export type Sender = {
  send(request: OutRequest, signal: AbortSignal): Promise<Sent>
  close(): Promise<void>
}
