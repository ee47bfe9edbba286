import type * as z from 'zod'

/** What an attribute had to be and was not, though each attribute alone is well formed. */
export type BrokenRule = { readonly path: string; readonly expected: string }
/** `null` = the attributes agree with each other. */
export type Rule = (data: Readonly<Record<string, unknown>>) => BrokenRule | null

export type EventDefinition = {
  /** One line for docs/events.md. */
  readonly says: string
  /** Attributes in canonical order: equal content gives equal bytes. Order is part of the stored form; new attributes go to the end. */
  readonly data: z.ZodObject
  readonly rule?: Rule
}

/** The score lies on its scale, and the scale has a length. */
export const scoreOnScale: Rule = (data) => {
  const { score, scaleMin, scaleMax, satisfiedFrom } = data as Record<string, number | undefined>
  if (scaleMin! >= scaleMax!) return { path: '/data/scaleMax', expected: 'a number above scaleMin' }
  if (score! < scaleMin! || score! > scaleMax!)
    return { path: '/data/score', expected: 'a number from scaleMin to scaleMax' }
  const outside =
    satisfiedFrom !== undefined && (satisfiedFrom < scaleMin! || satisfiedFrom > scaleMax!)
  return outside
    ? { path: '/data/satisfiedFrom', expected: 'a number from scaleMin to scaleMax' }
    : null
}

type DatePeriod = { readonly start: string; readonly end: string }

/** A period of local dates does not end before it starts; absent = nothing to check. */
export const periodInOrder: Rule = (data) => {
  const period = data['period'] as DatePeriod | undefined
  return period !== undefined && period.end < period.start
    ? { path: '/data/period/end', expected: 'a date not before start' }
    : null
}
