const digits = 1e9

/** To a billionth of a point: what binary fractions leave behind decides no band and no rank. */
export const tidy = (points: number): number => Math.round(points * digits) / digits
