/** Sends NDJSON; resolves when the log has it. @throws Error unless every event is accepted. */
export async function post(url: string, body: Buffer | string, events: number): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  })
  const text = await response.text()
  const { accepted } = JSON.parse(text) as { readonly accepted?: number }
  if (response.status !== 202 || accepted !== events)
    throw new Error(`${url} answers ${response.status}: ${text.slice(0, 500)}`)
}
