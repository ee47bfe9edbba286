import type { Config } from '@deskpulse/contract'
import { CommandFailure, exitCodes } from '../command-line/failure.ts'
import type { Context } from './command.ts'

/** @throws CommandFailure (usage) with everything that is wrong in it. */
export async function configOf(
  file: string | null,
  start: 'service' | 'embedded',
  { env }: Pick<Context, 'env'>,
): Promise<Config> {
  const { ConfigurationError, loadConfig } = await import('@deskpulse/runtime')
  try {
    return loadConfig({ file, env, start })
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    throw new CommandFailure(error.message, { exitCode: exitCodes.usage, cause: error })
  }
}
