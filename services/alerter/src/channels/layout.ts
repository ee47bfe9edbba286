import type { Digest } from './digest.ts'
import { fitted } from './fit.ts'

/** A digest with as many entries as have room; `more` counts the rest. */
export type Laid = Omit<Digest, 'more'> & { readonly more: string | null }

/** Nobody reads further in a chat. */
const entriesMax = 30

/** Builds a message from the digest with as many entries as `fits` allows. */
export function laidOut<Built>(
  digest: Digest,
  build: (laid: Laid) => Built,
  fits: (built: Built) => boolean,
): Built {
  const total = digest.entries.length
  const withEntries = (shown: number): Built =>
    build({
      ...digest,
      entries: digest.entries.slice(0, shown),
      more: shown === total ? null : digest.more(total - shown),
    })
  return fitted(Math.min(total, entriesMax), withEntries, fits)
}
