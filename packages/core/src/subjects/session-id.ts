/** No id of the log holds a control character. */
const separator = '\u001f'

/** By what other subjects know a session of a contact: the first one, as of all contacts that are no threads, by the contact's id. */
export function sessionIdOf(contactId: string, session: number): string {
  return session === 1 ? contactId : `${contactId}${separator}${session}`
}

/** The inverse of `sessionIdOf`. */
export function sessionOf(sessionId: string): {
  readonly contactId: string
  readonly session: number
} {
  const at = sessionId.indexOf(separator)
  return at < 0
    ? { contactId: sessionId, session: 1 }
    : { contactId: sessionId.slice(0, at), session: Number(sessionId.slice(at + 1)) }
}
