/** What bytes mean, decoded once: the view gives the same bytes until a commit replaces them. */
export function decodedOnce<Value>(
  decode: (bytes: Uint8Array) => Value,
): (bytes: Uint8Array) => Value {
  const known = new WeakMap<Uint8Array, { readonly value: Value }>()
  return (bytes) => {
    const found = known.get(bytes) ?? { value: decode(bytes) }
    known.set(bytes, found)
    return found.value
  }
}
