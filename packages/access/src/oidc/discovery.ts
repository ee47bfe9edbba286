import { isLoopback, type OidcConfig } from '@deskpulse/contract'
import * as client from 'openid-client'

/** Somebody waits for the answer. */
const timeoutS = 5

/** What an OpenID provider says of itself. @throws it is away, or not what it must be */
export function discover({
  issuer,
  clientId,
  clientSecret,
}: OidcConfig): Promise<client.Configuration> {
  const server = new URL(issuer)
  // Marked as deprecated to stand out: it is for providers of this machine alone.
  // oxlint-disable-next-line typescript/no-deprecated
  const plain = isLoopback(server.hostname) ? { execute: [client.allowInsecureRequests] } : {}
  return client.discovery(server, clientId, clientSecret, undefined, {
    timeout: timeoutS,
    ...plain,
  })
}

/** How long a failure is an answer, too. */
const askAgainMs = 2_000

/** Asks once; where it failed again, after a while. */
export function once<Answer>(
  ask: () => Promise<Answer>,
  nowMs: () => number = performance.now.bind(performance),
): () => Promise<Answer> {
  let asked: Promise<Answer> | null = null
  let againMs = Number.POSITIVE_INFINITY
  return () => {
    if (nowMs() >= againMs) asked = null
    if (asked === null) {
      againMs = Number.POSITIVE_INFINITY
      asked = ask()
      asked.catch(() => (againMs = nowMs() + askAgainMs))
    }
    return asked
  }
}
