/** What a person reads of an error: its code, with the reason that TLS and the HTTP parser add to it; else its message. At most 200 characters. */
export function wordOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 200)
  const { code, reason } = error as NodeJS.ErrnoException & { readonly reason?: unknown }
  if (code === undefined) return error.message.slice(0, 200)
  const why =
    typeof reason === 'string'
      ? reason
      : /SSL routines:[^:]*:(?<why>[^:\n]+)/u.exec(error.message)?.groups?.['why']
  return (why === undefined ? code : `${code}: ${why}`).slice(0, 200)
}
