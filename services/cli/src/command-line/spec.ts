/** One option of a command, as the parser, the help text and docs/cli.md's test see it. */
export type OptionSpec = {
  /** What stands for the value in the help (`N`, `URL`); absent = a switch without a value. */
  readonly value?: string
  /** May be given several times; the values are kept in order. */
  readonly repeatable?: boolean
  readonly short?: string
  /** One sentence, defaults and units included. */
  readonly help: string
}

export type CommandSpec = {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  readonly usage: string
  /** Names of positional arguments; those in brackets, the last ones, may be left out. */
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, OptionSpec>>
  /** Shown below the options. */
  readonly examples: readonly string[]
}

/** What was typed, by the spec: unknown names are gone, values are still text. */
export type Typed = {
  readonly positionals: readonly string[]
  /** The last value of an option, or `undefined`. */
  text(name: string): string | undefined
  /** Every value of a repeatable option, in order. */
  texts(name: string): readonly string[]
  switched(name: string): boolean
}
