/** A value as JSON in UTF-8, as records of a store hold it. */
export const jsonBytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8')

/** Reads what `jsonBytes` wrote. The bytes are our own, and trusted. */
export function fromJsonBytes<Value>(bytes: Uint8Array): Value {
  const { buffer, byteOffset, byteLength } = bytes
  return JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString('utf8')) as Value
}
