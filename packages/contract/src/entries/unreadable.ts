/** An entry or record that this version cannot decode. It is refused alone; what stands beside it is not touched. */
export class EntryUnreadable extends Error {
  readonly code = 'ENTRY_UNREADABLE'
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'EntryUnreadable'
  }
}

/** @throws EntryUnreadable */
export function parseJsonBytes(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'))
  } catch (cause) {
    throw new EntryUnreadable(`${what} is not JSON`, { cause })
  }
}
