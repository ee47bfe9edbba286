import * as z from 'zod'
import { timeZone } from '../config/time-zone.ts'
import { epochMsOf, timePattern } from '../events/time.ts'
import { sourceName, tenantName } from '../events/words.ts'

const languages = ['en', 'zh'] as const
const inLanguages = z.object({ en: z.string(), zh: z.string() })

/** Shown by the OpenAPI document, and run by a test: a file of `attendance`, and what is answered. */
const example = {
  file: 'agent,date,scheduled,attended\nlin.na,2026-03-02,yes,yes\nwang.wei,soon,yes,no\n',
  answer: {
    ...{ kind: 'attendance', dryRun: false, rows: 2, accepted: 0, refused: 1, errorCount: 1 },
    errors: [
      {
        ...{ line: 3, column: 'date', got: 'soon' },
        expected: 'a date such as 2026-03-02 or 2026/3/2',
      },
    ],
  },
}

/** The kinds are those of the package that reads files: it says which there are. */
export const importPath = (kinds: readonly string[]) =>
  z.strictObject({
    tenant: tenantName,
    kind: z.enum(kinds).meta({ examples: ['attendance'] }),
  })

export const importTemplateQuery = z.strictObject({
  lang: z.enum(languages).default('en').meta({ description: 'of the header and the words' }),
})

export const importQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: 'true: the file is checked, and nothing is sent' }),
  timeZone: timeZone.optional().meta({
    description: 'IANA zone of times without an offset; left out = they need one',
    examples: ['Asia/Shanghai'],
  }),
  source: sourceName
    .optional()
    .meta({ description: 'the source of the events; left out = `/import/` and the kind' }),
  changedAt: z
    .string()
    .regex(timePattern, { error: 'an RFC 3339 time with seconds and offset' })
    .transform(epochMsOf)
    .refine((ms) => ms >= 0, { error: 'a time since 1970' })
    .optional()
    .meta({
      description:
        'when the file was changed last, at most 5 minutes ahead: later words have the last one; left out = now',
      override: { type: 'string', format: 'date-time' },
    }),
  lang: z.enum(languages).default('en').meta({ description: 'of the errors' }),
})

/** A file, for the OpenAPI document; each row is checked by itself. */
export const importBody = {
  'text/csv': {
    example: example.file,
    schema: z.string().min(1).meta({
      description:
        'CSV in UTF-8, with a byte order mark or without; a comma, a semicolon or a tab separates. The first row has the names of the columns, in English or Chinese.',
    }),
  },
}

/** A file to begin with, for the OpenAPI document. */
export const importTemplate = { 'text/csv': { schema: z.string() } }

export const importsSchema = z
  .object({
    kinds: z.array(
      z.object({
        kind: z.string(),
        type: z.string().meta({ description: 'of the event that each row becomes' }),
        title: inLanguages,
        description: inLanguages,
        columns: z.array(
          z.object({
            name: inLanguages,
            required: z.boolean(),
            example: inLanguages.meta({ description: 'a cell of the template' }),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Imports' })
export type ImportsResponse = z.infer<typeof importsSchema>

const importErrorSchema = z.object({
  line: z.int().min(1).meta({ description: 'of the file, from 1: that of the header' }),
  column: z
    .string()
    .nullable()
    .meta({ description: 'as the file calls it; null: the row as a whole' }),
  expected: z.string(),
  got: z.string().nullable().meta({ description: 'what the cell says, cut to 60 characters' }),
})
export type ImportError = z.infer<typeof importErrorSchema>

/** How many errors an answer lists; `errorCount` counts all. */
export const importErrorsListedMax = 1_000

export const importedSchema = z
  .object({
    kind: z.string(),
    dryRun: z.boolean(),
    rows: z.int().meta({ description: 'of the file, without its header' }),
    accepted: z.int().meta({ description: 'rows that the log has' }),
    refused: z.int().meta({ description: 'rows that are wrong' }),
    errorCount: z.int(),
    errors: z.array(importErrorSchema).max(importErrorsListedMax),
  })
  .meta({ id: 'Imported', examples: [example.answer] })
export type ImportedResponse = z.infer<typeof importedSchema>
