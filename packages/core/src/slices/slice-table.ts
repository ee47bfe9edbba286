/** Bytes of the record `slices:<tenant>`: a JSON array of texts, non-ASCII escaped so that a character is a byte. The position is the number. */
export function encodeSliceTable(texts: readonly string[]): Uint8Array {
  const json = JSON.stringify(texts).replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const bytes = new Uint8Array(json.length)
  for (let at = 0; at < json.length; at++) bytes[at] = json.charCodeAt(at)
  return bytes
}

/** @throws SyntaxError or RangeError when the bytes are no such table. */
export function decodeSliceTable(bytes: Uint8Array): string[] {
  const chunk = 8_192
  let json = ''
  for (let at = 0; at < bytes.length; at += chunk) json += String.fromCharCode(...bytes.subarray(at, at + chunk))
  const texts: unknown = JSON.parse(json)
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) throw new RangeError('slice table is no array of texts')
  return texts
}
