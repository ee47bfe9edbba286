import * as z from 'zod'
import { id } from '../events/words.ts'
import { instant } from './instant.ts'

/** In a body, as addresses are written into logs. */
export const erasureBody = z
  .strictObject({ customerId: id.meta({ description: 'as sources send it' }) })
  .meta({ examples: [{ customerId: 'u-1' }] })

export const erasureQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: 'true: it is counted, and nothing is changed' }),
})

export const erasureSchema = z
  .object({
    dryRun: z.boolean(),
    shownAs: z.array(z.string()).meta({
      description:
        'what stands in the place of the customer, for each key that customers are hidden under; of a dry run: of somebody who is erased already',
    }),
    deadLetters: z.int().meta({
      description: 'that named the customer, and are removed; of a dry run: that would be',
    }),
    unreadable: z.int().meta({
      description: 'records of dead letters that this version cannot read: they stay',
    }),
    raw: z
      .object({
        until: instant,
      })
      .nullable()
      .meta({
        description:
          'how long the raw topic may still have what sources sent of the customer; null: there is no such topic',
      }),
  })
  .meta({
    id: 'Erasure',
    examples: [
      {
        ...{ dryRun: false, shownAs: ['erased-5b1c9a0e7d3f2468'] },
        ...{ deadLetters: 2, unreadable: 0, raw: null },
      },
    ],
  })
export type ErasureResponse = z.infer<typeof erasureSchema>
