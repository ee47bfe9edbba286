declare global {
  interface JSON {
    /** A value that `stringify` writes as this very text. */
    rawJSON(text: string): unknown
  }
}

const exact = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value

/** JSON in which a bigint is an integer with all its digits. */
export const toJson = (value: unknown): string => JSON.stringify(value, exact)
