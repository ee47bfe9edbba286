import { type JWTPayload, jwtVerify, SignJWT } from 'jose'

/** Signs what a browser keeps for this installation, and knows it again. */
export type Signing = {
  /** `audience`: what it is for; it is taken for nothing else. */
  sign(audience: string, claims: JWTPayload, lastsMs: number): Promise<string>
  /** `null`: it is over, for something else, or not of this installation. */
  verify(audience: string, token: string): Promise<JWTPayload | null>
}

const issuer = 'deskpulse'
const alg = 'HS256'

/** @param secret of all processes that a browser may ask */
export function signingWith(secret: string, nowMs: () => number): Signing {
  const key = new TextEncoder().encode(secret)
  return {
    async sign(audience, claims, lastsMs) {
      const nowS = Math.floor(nowMs() / 1_000)
      return new SignJWT(claims)
        .setProtectedHeader({ alg })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + Math.floor(lastsMs / 1_000))
        .sign(key)
    },
    async verify(audience, token) {
      const checks = { issuer, audience, algorithms: [alg], currentDate: new Date(nowMs()) }
      try {
        return (await jwtVerify(token, key, checks)).payload
      } catch {
        return null
      }
    },
  }
}
