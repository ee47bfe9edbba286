import * as z from 'zod'
import { shaped } from '../entries/shaped.ts'
import { EntryUnreadable } from '../entries/unreadable.ts'
import type { Original } from '../errors/original.ts'
import { compressed, inflated } from './compressed.ts'
import type { DeadLetter } from './letter.ts'

/** The header `format` of a record that holds a group of letters. */
export const letterGroupFormat = 'letters/1'

const count = z.int().min(0)

/** A letter without its bytes, which stand behind all of them. `bytes`: how many are its own. */
const aboutSchema = z.object({
  bytes: count,
  length: count.optional(),
  sha256: z.string().optional(),
  code: z.string(),
  path: z.string(),
  reason: z.string(),
  tenant: z.string().nullable(),
  source: z.string().nullable(),
  firstMs: count,
  lastMs: count,
  times: z.int().min(1),
  place: z.object({ partition: count, offset: count, index: count }).nullable(),
})
type About = z.infer<typeof aboutSchema>
const groupSchema = z.array(aboutSchema)

const lengthBytes = 4

function aboutOf({ original, ...letter }: DeadLetter): About {
  const cut = original.kind === 'whole' ? {} : { length: original.length, sha256: original.sha256 }
  return { bytes: original.bytes.length, ...cut, ...letter }
}

/**
 * The bytes of a group, zstd-compressed: the length of the JSON (4 bytes, big-endian), an array that says of each letter what is known of it, then the
 * originals one behind the other.
 */
export function encodeLetterGroup(letters: readonly DeadLetter[]): Uint8Array {
  const about = Buffer.from(JSON.stringify(letters.map(aboutOf)), 'utf8')
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(about.length)
  return compressed(
    Buffer.concat([length, about, ...letters.map(({ original }) => original.bytes)]),
  )
}

function originalOf({ length, sha256 }: About, bytes: Uint8Array): Original {
  return length === undefined || sha256 === undefined
    ? { kind: 'whole', bytes }
    : { kind: 'head', bytes, length, sha256 }
}

/** The letters of a group, in their order; their bytes are views. @throws EntryUnreadable on anything that `encodeLetterGroup` did not make. */
export function decodeLetterGroup(value: Uint8Array): readonly DeadLetter[] {
  const what = 'group of dead letters'
  const all = inflated(value, what)
  if (all.length < lengthBytes) throw new EntryUnreadable(`${what} ends too early`)
  const aboutEnd = lengthBytes + new DataView(all.buffer, all.byteOffset).getUint32(0)
  if (aboutEnd > all.length) throw new EntryUnreadable(`${what} ends too early`)
  const abouts = shaped(groupSchema, all.subarray(lengthBytes, aboutEnd), what)
  let at = aboutEnd
  const letters = abouts.map((about) => {
    const bytes = all.subarray(at, (at += about.bytes))
    const { code, path, reason, tenant, source, firstMs, lastMs, times, place } = about
    return {
      original: originalOf(about, bytes),
      code,
      path,
      reason,
      tenant,
      source,
      firstMs,
      lastMs,
      times,
      place,
    }
  })
  if (at !== all.length)
    throw new EntryUnreadable(
      `${what} has ${all.length - aboutEnd} bytes of originals, not ${at - aboutEnd}`,
    )
  return letters
}
