import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { SecretHash } from '@deskpulse/contract'

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)
const bytes = 32
/** Secrets are random, and as long as the hash: guessing one is out of reach whatever a guess costs. */
const cost = { cost: 16_384, blockSize: 8, parallelization: 1 }

export async function hashSecret(secret: string): Promise<SecretHash> {
  const salt = randomBytes(16)
  const hash = await derive(secret, salt, bytes, cost)
  return { algorithm: 'scrypt', ...cost, salt: salt.toString('hex'), hash: hash.toString('hex') }
}

export async function isSecret(secret: string, { salt, hash, ...kept }: SecretHash) {
  const { cost, blockSize, parallelization } = kept
  const wanted = Buffer.from(hash, 'hex')
  const given = await derive(secret, Buffer.from(salt, 'hex'), wanted.length, {
    ...{ cost, blockSize, parallelization },
  })
  return timingSafeEqual(given, wanted)
}

/** Tells secrets that were seen before apart, so that only the first request of a key is slow. In memory alone. */
export const fingerprintOf = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64')
