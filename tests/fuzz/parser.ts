import type { Random } from '../../services/cli/src/simulate/random.ts'
import type { Making } from './mutation.ts'

/** `refused`: the code of what is wrong with an input; a value of another kind than `taken` has none. */
export type Outcome = { readonly taken: unknown } | { readonly refused: string }

export const taken = (value: unknown): Outcome => ({ taken: value })
export const refused = (code: string): Outcome => ({ refused: code })

/** Of what throws errors of its own kind, and no other. */
export function caught(error: unknown, isOwn: (error: Error) => string | null): Outcome {
  const code = error instanceof Error ? isOwn(error) : null
  if (code === null) throw error
  return refused(code)
}

export type Reading = { readonly input: unknown; read(): Outcome | Promise<Outcome> }

/** What reads bytes or values that others have written. */
export type Parser = {
  readonly name: string
  /** How many inputs it gets of those of a run, compared with the others. */
  readonly share: number
  readonly codes: ReadonlySet<string>
  next(random: Random): Reading
}

export function parserOf<Input>(parser: {
  readonly name: string
  readonly share?: number
  readonly make: Making<Input>
  /** @throws nothing, whatever the input is */
  readonly read: (input: Input) => Outcome | Promise<Outcome>
  readonly codes: Iterable<string>
}): Parser {
  const { name, share = 10, make, read, codes } = parser
  return {
    ...{ name, share, codes: new Set(codes) },
    next(random) {
      const input = make(random)
      return { input, read: () => read(input) }
    },
  }
}
