import { noErasures } from '@deskpulse/access'
import type { Erasing } from '../erasures/routes.ts'

/** Of an ingest that nobody asks to erase anybody, and that has no dead letters. */
export const noErasing = (): Erasing => ({
  erased: noErasures(),
  deadLetters: { read: () => Promise.resolve([]), rewrite: () => Promise.resolve() },
  rawKeptMs: null,
})
