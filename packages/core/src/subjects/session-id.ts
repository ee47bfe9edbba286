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

/** The key of a row that another subject tells of a session, unique among those of one grain. */
export function keyOfSession(grain: string, sessionId: string): string {
  const { contactId, session } = sessionOf(sessionId)
  return keyInSession(session, `${grain}/${contactId}`)
}

/** Keys in later sessions of a thread begin with the number of the session. */
export function keyInSession(session: number, key: string): string {
  return session === 1 ? key : `${session}/${key}`
}
