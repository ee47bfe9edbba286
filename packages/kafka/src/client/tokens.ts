import kafkajs from 'kafkajs'

/** A client of an authorization server. */
export type TokenClient = {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope?: string | undefined
}

const answerWithinMs = 10_000
/** KafkaJS authenticates again 10 s before a session ends, which is not later than its token: a token must still be good for longer than that. */
const leftLeastMs = 30_000
const lifetimeShare = 0.8

type Token = { readonly value: string; readonly freshUntilMs: number }

/**
 * Access tokens for a client's own credentials (OAuth 2.0, RFC 6749, 4.4). One is used until a fifth of its time, or 30 s of it, are left. All
 * connections that ask at once wait for one answer.
 * @returns gives a token. It throws what KafkaJS takes for a broken connection, and tries again; no secret is in it.
 */
export function tokens(client: TokenClient): () => Promise<string> {
  let last: Token | null = null
  let asking: Promise<Token> | null = null

  return async () => {
    if (last !== null && Date.now() < last.freshUntilMs) return last.value
    asking ??= ask(client).finally(() => (asking = null))
    last = await asking
    return last.value
  }
}

async function ask(client: TokenClient): Promise<Token> {
  const askedMs = Date.now()
  try {
    const response = await fetch(client.tokenUrl, requestOf(client))
    const answer = await answerOf(response)
    if (!response.ok) throw new Error(`HTTP ${response.status}${errorIn(answer)}`)
    return tokenIn(answer, askedMs)
  } catch (error) {
    throw new kafkajs.KafkaJSConnectionError(`no token for Kafka: ${wordsOf(error)}`)
  }
}

function requestOf({ clientId, clientSecret, scope }: TokenClient): RequestInit {
  const credentials = [clientId, clientSecret].map(formEncoded).join(':')
  return {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      accept: 'application/json',
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope !== undefined && { scope }),
    }),
    redirect: 'error', // Credentials go nowhere else.
    signal: AbortSignal.timeout(answerWithinMs),
  }
}

/** As RFC 6749, 2.3.1 wants both parts: in the encoding of forms. */
const formEncoded = (text: string): string =>
  new URLSearchParams({ '': text }).toString().slice('='.length)

async function answerOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await response.json().catch(() => null)
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}

/** The standard's code, such as invalid_client; whatever else stands there is not repeated. */
const errorIn = ({ error }: Readonly<Record<string, unknown>>): string =>
  typeof error === 'string' && /^[a-z_]{1,60}$/u.test(error) ? `, ${error}` : ''

function tokenIn(answer: Readonly<Record<string, unknown>>, askedMs: number): Token {
  const { access_token: value, expires_in: seconds } = answer
  if (typeof value !== 'string' || value === '') throw new Error('the answer has no access_token')
  const lifetimeMs = Number(seconds ?? 0) * 1_000 || 0 // Without an end it is asked for each time.
  const keptMs = Math.min(lifetimeMs * lifetimeShare, lifetimeMs - leftLeastMs)
  return { value, freshUntilMs: askedMs + keptMs }
}

/** `fetch failed` alone says nothing. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
