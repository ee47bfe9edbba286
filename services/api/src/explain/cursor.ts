import * as z from 'zod'

/** What the rows so far have added. `of`, `per`: to the terms of the KPI; `ms`: of durations. */
export type Sums = { readonly of: number; readonly per: number; readonly ms: number }

export const nothingYet: Sums = { of: 0, per: 0, ms: 0 }

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
])

export function encodeCursor({ after, skip, sums: { of, per, ms } }: PageStart): string {
  return Buffer.from(JSON.stringify([after, skip, of, per, ms])).toString('base64url')
}

/** `null`: no cursor of ours. */
export function decodeCursor(text: string): PageStart | null {
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    if (!parsed.success) return null
    const [after, skip, of, per, ms] = parsed.data
    return { after, skip, sums: { of, per, ms } }
  } catch {
    return null // Not even JSON.
  }
}
