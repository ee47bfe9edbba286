import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import { onTestFinished } from 'vitest'

export type Account = Readonly<Record<string, unknown>> & { readonly name?: string }

export type OpenIdProvider = {
  readonly issuer: string
  /** Before, it is out of order; from here on it answers, and leads back to `callback` whoever signs in: `account`, without being asked for anything. */
  begin(callback: string, account: Account, tellsInIdToken?: boolean): void
}

export const client = { id: 'deskpulse', secret: 'a secret of the tests' }

/** An OpenID provider on a port of its own. */
export async function openIdProvider(): Promise<OpenIdProvider> {
  let answer: RequestListener = (_request, response) => response.writeHead(503).end()
  const server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    issuer,
    begin(callback, account, tellsInIdToken = true) {
      answer = answering(issuer, callback, account, tellsInIdToken)
    },
  }
}

function answering(
  issuer: string,
  callback: string,
  account: Account,
  tellsInIdToken: boolean,
): RequestListener {
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: client.id, client_secret: client.secret },
        redirect_uris: [callback],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'roles', 'tenants'] },
    conformIdTokenClaims: !tellsInIdToken,
    cookies: { keys: ['a key of the tests'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, ...account }),
    }),
    async loadExistingGrant({ oidc }) {
      const { client: asking, session } = oidc
      if (asking === undefined || session?.accountId === undefined) return undefined
      const grant = new provider.Grant({ clientId: asking.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  return (request, response) => {
    if (request.url?.startsWith('/interaction/') ?? false)
      void provider.interactionFinished(request, response, { login: { accountId: 'u-1' } })
    else void answer(request, response)
  }
}
