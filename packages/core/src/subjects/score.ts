/** Scores are counted in millionths of a point: they may be fractions, and sums are exact. */
export const perPoint = 1_000_000

/** Of 100 points so many pass, where nobody said whether they did. */
export const passPoints = 60

export const scoreParts = (points: number): number => Math.round(points * perPoint)
