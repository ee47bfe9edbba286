import type { Parser } from '../parser.ts'
import { accessParsers } from './access.ts'
import { eventParsers } from './events.ts'
import { fileParsers } from './files.ts'
import { logParsers } from './log.ts'
import { questionParsers } from './questions.ts'
import { sendingParsers } from './sending.ts'

/** All that read what others have written. */
export const parsers: readonly Parser[] = [
  ...eventParsers,
  ...fileParsers,
  ...accessParsers,
  ...questionParsers,
  ...logParsers,
  ...sendingParsers,
]
