import type { EventType } from '@deskpulse/core/events'

export const importLanguages = ['en', 'zh'] as const
export type ImportLanguage = (typeof importLanguages)[number]
export type InLanguages = Readonly<Record<ImportLanguage, string>>
/** The same in each language where one text stands alone. */
export type Text = string | InLanguages

export const textIn = (text: Text, language: ImportLanguage): string =>
  typeof text === 'string' ? text : text[language]

/** What a cell says; `local`: of a date or a time, as it was written, where that is. */
export type Cell = { readonly value: unknown; readonly local?: string }

/** The date of a cell of one, or of a time. */
export const dateOf = ({ local = '' }: Cell): string => local.slice(0, 10)

/** What was wanted instead of what stands there. */
export type Unread = { readonly expected: Text }
/** Reads the text of a cell that is not empty. `timeZone`: of times without an offset; `null`: none was told. */
export type ReadCell = (text: string, timeZone: string | null) => Cell | Unread

export type Column = {
  readonly name: Text
  /** The attribute of the event’s data that it fills, from the outside in. Absent: none. */
  readonly fills?: readonly string[]
  readonly isRequired?: true
  readonly read: ReadCell
  /** Of the two rows of the template; `''`: an empty cell. */
  readonly examples: readonly [Text, Text]
}

/** What a column may be called. */
export const namesOf = ({ columns }: Pick<ImportKind, 'columns'>, key: string): string =>
  importLanguages.map((language) => textIn(columns[key]!.name, language)).join(' or ')

/** Cells of a row by the key of their column; those that are empty are absent. */
export type Cells = Readonly<Record<string, Cell | undefined>>

/** The instant of an event: that of a cell, or the end of a date that has one. */
export type Happened = { readonly at: Cell } | { readonly endOf: string }

/** What can be imported: an event of one type for each row of a file. */
export type ImportKind = {
  readonly name: string
  readonly title: InLanguages
  /** What it is for, in a sentence or two. */
  readonly description: InLanguages
  readonly type: EventType
  /** By their keys, in the order of the template. */
  readonly columns: Readonly<Record<string, Column>>
  /** The attribute of the data that names its subject, where that is not made of what the row is about. Absent: the data names it. */
  readonly idAttribute?: string
  /** Keys of the columns that say what a row is about: a row about the same replaces one that was sent before. */
  readonly about: readonly string[]
  /** What of a cell says what the row is about, where it is less than its value. */
  readonly aboutOf?: (cell: Cell) => unknown
  /** When it happened, or what is missing to know. */
  readonly happened: (cells: Cells) => Happened | Unread
  /** Puts right what one cell cannot say alone; a key: of the cell that is wrong. */
  readonly completed?: (
    data: Readonly<Record<string, unknown>>,
    cells: Cells,
  ) => Readonly<Record<string, unknown>> | (Unread & { readonly key: string })
}
