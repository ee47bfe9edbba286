import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type TokenServer = {
  readonly url: string
  /** Requests so far: the credentials and the body of each. */
  readonly asked: readonly { readonly authorization: string; readonly body: string }[]
  /** From now on it answers so; `null`: with a token. */
  answer(refusal: { readonly status: number; readonly body: string } | null): void
  stop(): Promise<void>
}

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** An authorization server that gives everybody a JWT without a signature, valid for `seconds`. */
export async function startTokenServer(seconds: number): Promise<TokenServer> {
  const asked: { authorization: string; body: string }[] = []
  let refused: { readonly status: number; readonly body: string } | null = null
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { authorization = '' } = request.headers
      asked.push({ authorization, body: Buffer.concat(chunks).toString() })
      response.setHeader('content-type', 'application/json')
      if (refused !== null) return void response.writeHead(refused.status).end(refused.body)
      const nowS = Math.floor(Date.now() / 1_000)
      const claims = { sub: 'deskpulse', iat: nowS, exp: nowS + seconds, jti: `${asked.length}` }
      const token = `${base64({ alg: 'none' })}.${base64(claims)}.`
      response.end(JSON.stringify({ access_token: token, expires_in: seconds }))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    asked,
    answer: (refusal) => void (refused = refusal),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
