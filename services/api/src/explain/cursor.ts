import * as z from 'zod'

/** What the rows so far have added. `of`, `per`: to the terms of the KPI; `ms`: of durations; `money`: by currency, in minor units. */
export type Sums = {
  readonly of: number
  readonly per: number
  readonly ms: number
  readonly money: Readonly<Record<string, number>>
}

export const nothingYet: Sums = { of: 0, per: 0, ms: 0, money: {} }

/** What a row adds. `currency`: of the money that it adds in `of`; `null`: that is none. */
export type Added = Pick<Sums, 'of' | 'per' | 'ms'> & { readonly currency: string | null }

export const sumsOf = (added: Added): Sums => withAdded(nothingYet, added)

export function withAdded({ money, ...before }: Sums, { of, per, ms, currency }: Added): Sums {
  return {
    of: before.of + (currency === null ? of : 0),
    per: before.per + per,
    ms: before.ms + ms,
    money: currency === null ? money : { ...money, [currency]: (money[currency] ?? 0) + of },
  }
}

/** Where a page goes on: behind a subject (`null`: with what goes on), with so many of the rows that follow listed already. */
export type PageStart = {
  readonly after: string | null
  readonly skip: number
  readonly sums: Sums
}

export const firstPage: PageStart = { after: '', skip: 0, sums: nothingYet }

const whole = z.int().min(-1e15).max(1e15)
const shape = z.tuple([
  z.string().max(1_000).nullable(),
  z.int().min(0).max(1e9),
  whole,
  whole,
  whole,
  z.record(z.string().regex(/^[A-Z]{3}$/), z.int()),
])

export function encodeCursor({ after, skip, sums }: PageStart): string {
  const { of, per, ms, money } = sums
  return Buffer.from(JSON.stringify([after, skip, of, per, ms, money])).toString('base64url')
}

/** `null`: no cursor of ours. */
export function decodeCursor(text: string): PageStart | null {
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    if (!parsed.success) return null
    const [after, skip, of, per, ms, money] = parsed.data
    return { after, skip, sums: { of, per, ms, money } }
  } catch {
    return null // Not even JSON.
  }
}
