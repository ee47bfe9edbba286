/**
 * A label whose values senders choose: the first `most` stand as they are, each further one is `other`. That lasts as long as the process, so that a
 * series never changes its meaning.
 */
export function boundedLabel(most: number, other: string): (value: string) => string {
  const own = new Set<string>()
  return (value) => {
    if (own.has(value)) return value
    if (own.size >= most) return other
    own.add(value)
    return value
  }
}
