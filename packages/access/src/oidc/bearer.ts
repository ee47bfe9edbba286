import type { OidcConfig } from '@deskpulse/contract'
import { type Principal, refuse } from '@deskpulse/runtime'
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { fingerprintOf } from '../keys/secret.ts'
import { discover, once } from './discovery.ts'
import { personOf } from './people.ts'

/** Tokens of an OpenID provider that programs bring instead of a key. */
export type Bearers = {
  /** `undefined`: this process has not seen it before. */
  recognise(token: string): Principal | string | undefined
  /** @throws Refused while the provider does not answer */
  verify(token: string): Promise<Principal | string>
}

/** Past it all are verified anew. */
const seenMax = 10_000
const over = 'the token is not valid, or not any more'

/** `null`: the configuration says not whom tokens must be for, so that none are taken. */
export function bearersOf(config: OidcConfig, nowMs: () => number): Bearers | null {
  const { issuer, audience } = config
  if (audience === undefined) return null
  const seen = new Map<string, { readonly principal: Principal; readonly endsMs: number }>()
  const keysOfProvider = once(() => jwksOf(config))

  return {
    recognise(token) {
      const found = seen.get(fingerprintOf(token))
      return found === undefined ? undefined : found.endsMs > nowMs() ? found.principal : over
    },
    async verify(token) {
      const checks = { issuer, audience, currentDate: new Date(nowMs()), requiredClaims: ['exp'] }
      const keys = await keysOfProvider().catch(away)
      const verified = await jwtVerify(token, keys, checks).catch((error: unknown) =>
        isOfToken(error) ? null : away(),
      )
      if (verified === null) return over
      const { sub, exp = 0, ...claims } = verified.payload
      if (sub === undefined) return over
      const principal = personOf({ sub, ...claims }, config)
      if (typeof principal === 'string') return principal
      if (seen.size >= seenMax) seen.clear()
      seen.set(fingerprintOf(token), { principal, endsMs: 1_000 * exp })
      return principal
    },
  }
}

const away = (): never => refuse('busy', 'the OpenID provider does not answer; try again')

/** Else its keys could not be had. */
const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) &&
  error.code !== 'ERR_JOSE_GENERIC'

async function jwksOf(config: OidcConfig): Promise<JWTVerifyGetKey> {
  const { jwksUri = (await discover(config)).serverMetadata().jwks_uri } = config
  if (jwksUri === undefined) throw new Error(`${config.issuer} does not say where its keys are`)
  return createRemoteJWKSet(new URL(jwksUri))
}
