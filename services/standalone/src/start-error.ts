import { ConfigurationError } from '@deskpulse/runtime'
import { DeskpulseError } from '@deskpulse/stream'

/** Why the product did not start, for its operator: a sentence, without a stack. */
export class StartError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'StartError'
  }
}

/** 2: what the operator wrote cannot be used; 1: everything else. */
export const exitCodeOf = (error: unknown): 1 | 2 => (error instanceof ConfigurationError ? 2 : 1)

/** `null`: a defect, whose stack is wanted. */
export function sentenceOf(error: unknown): string | null {
  const isSentence =
    error instanceof StartError ||
    error instanceof ConfigurationError ||
    error instanceof DeskpulseError
  return isSentence ? error.message : null
}
