/** An entry or record that this version cannot decode. It is refused alone; what stands beside it is not touched. */
export class EntryUnreadable extends Error {
  readonly code = 'ENTRY_UNREADABLE'
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'EntryUnreadable'
  }
}

/** What the bytes say in UTF-8. */
export function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('utf8')
}

/** @throws EntryUnreadable */
export function parseJsonBytes(bytes: Uint8Array, what: string): unknown {
  return parseJson(textOf(bytes), what)
}

/** @throws EntryUnreadable */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new EntryUnreadable(`${what} is not JSON`, { cause })
  }
}
