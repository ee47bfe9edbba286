import * as z from 'zod'
import { shaped } from './shaped.ts'

const previous = z.object({ key: z.string().nullable(), untilMs: z.int() })
const shape = z.object({ key: z.string(), previous: z.array(previous) })

/**
 * The keys that customers are hidden under, as they are remembered beside the log: by fingerprints, which tell keys apart and from which nothing of them follows.
 * `previous`: what held until an instant, ascending; `key: null`: nobody knows which.
 */
export type KnownKeys = {
  readonly key: string
  readonly previous: readonly { readonly key: string | null; readonly untilMs: number }[]
}

export const encodeKnownKeys = (known: KnownKeys): Uint8Array => Buffer.from(JSON.stringify(known))

/** @throws EntryUnreadable */
export const decodeKnownKeys = (bytes: Uint8Array): KnownKeys =>
  shaped(shape, bytes, 'record of customer keys')
