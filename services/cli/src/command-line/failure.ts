/** Exit codes of `deskpulse`: what a script can tell apart. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Something that the user can put right; its message is the whole explanation and is shown without a stack. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode
  constructor(
    message: string,
    options?: { readonly exitCode?: ExitCode; readonly cause?: unknown },
  ) {
    super(message, options)
    this.name = 'CommandFailure'
    this.exitCode = options?.exitCode ?? exitCodes.failed
  }
}

export function usageFailure(message: string): CommandFailure {
  return new CommandFailure(message, { exitCode: exitCodes.usage })
}

/** The innermost message of a chain of causes: `fetch failed` alone tells nobody anything. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (error instanceof Error && error.cause !== undefined) return reasonOf(error.cause)
  return error instanceof Error ? error.message : String(error)
}
