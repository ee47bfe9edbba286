import type { OidcConfig } from '@deskpulse/contract'
import type { Principal } from '@deskpulse/runtime'
import * as client from 'openid-client'
import { discover, once } from './discovery.ts'
import { personOf } from './people.ts'

/** What a browser keeps while somebody signs in elsewhere. */
export type SignIn = {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** An OpenID provider, where people sign in. */
export type Provider = {
  /** Where a browser is sent, and what it keeps meanwhile. @throws the provider is away, or not what it must be */
  begin(callback: string): Promise<{ readonly address: string; readonly signIn: SignIn }>
  /** Who came back, by `address`, the callback with its parameters. @returns as `personOf`. @throws what came is not what this sign-in asked for */
  end(address: URL, signIn: SignIn): Promise<Principal | string>
}

export function providerOf(config: OidcConfig): Provider {
  const discovered = once(() => discover(config))

  return {
    async begin(callback) {
      const provider = await discovered()
      const signIn = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      }
      const address = client.buildAuthorizationUrl(provider, {
        ...{ redirect_uri: callback, scope: config.scopes.join(' ') },
        ...{ state: signIn.state, nonce: signIn.nonce },
        code_challenge: await client.calculatePKCECodeChallenge(signIn.verifier),
        code_challenge_method: 'S256',
      })
      return { address: address.href, signIn }
    },
    async end(address, { state, nonce, verifier }) {
      const provider = await discovered()
      const tokens = await client.authorizationCodeGrant(provider, address, {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('the provider has sent no ID token')
      const person = personOf(claims, config)
      if (typeof person !== 'string' || provider.serverMetadata().userinfo_endpoint === undefined)
        return person
      // Many providers tell groups there alone.
      const more = await client.fetchUserInfo(provider, tokens.access_token, claims.sub)
      return personOf({ ...claims, ...more }, config)
    },
  }
}
