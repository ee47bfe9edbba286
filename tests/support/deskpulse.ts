import { startProcess, type TestProcess } from './processes.ts'

/** `deskpulse` with these arguments, under way. */
export function startDeskpulse(...args: readonly string[]): TestProcess {
  return startProcess('services/cli/src/main.ts', { args })
}

/** Waits for its end. @returns what it printed. @throws Error with its output, unless everything was done and accepted. */
export async function done(command: TestProcess): Promise<string> {
  const { code } = await command.ended
  if (code !== 0)
    throw new Error(`deskpulse ended with ${code}:\n${command.out()}\n${command.err()}`)
  return command.out()
}

export const deskpulse = (...args: readonly string[]): Promise<string> =>
  done(startDeskpulse(...args))
