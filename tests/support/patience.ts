import { vi } from 'vitest'
import { patienceMs } from '../run/tiers.ts'

// Vitest's second is too short where other tests keep the processors busy, and no option of its configuration says otherwise for these two.
const { waitFor, waitUntil } = vi
vi.waitFor = (callback, options = {}) => waitFor(callback, patiently(options))
vi.waitUntil = (callback, options = {}) => waitUntil(callback, patiently(options))

type Options = Exclude<Parameters<typeof waitFor>[1], undefined>

function patiently(options: Options): Options {
  return typeof options === 'number' ? options : { timeout: patienceMs, ...options }
}
