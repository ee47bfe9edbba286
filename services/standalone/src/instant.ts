/** `2026-03-01T00:00:00Z`. */
export const secondText = (atMs: number): string =>
  new Date(atMs).toISOString().replace('.000Z', 'Z')

/** The instant that such a text names; `null`: it names none, as no such day or hour exists. */
export function secondOf(text: string): number | null {
  const atMs = Date.parse(text)
  return !Number.isNaN(atMs) && secondText(atMs) === text ? atMs : null
}
