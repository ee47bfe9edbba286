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

/** Asks once; again where it failed. */
export function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let asked: Promise<Answer> | null = null
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = null
      throw error
    })
    return asked
  }
}
