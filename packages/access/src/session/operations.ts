import { sessionSchema } from '@deskpulse/contract'
import { json, type Operation, toAnyone, toHolder } from '@deskpulse/runtime'

export const tag = { name: 'access', description: 'Who may do what: keys, boards, sessions.' }
const answer = { 200: json(sessionSchema, 'Who asks, and what it may do') }

/** The addresses of sessions, as the OpenAPI document has them. */
export const sessionOperations = {
  session: {
    ...{ id: 'getSession', tag, access: toHolder('board'), answers: answer },
    summary: 'Who asks, and what it may do',
  },
  begin: {
    ...{ id: 'beginSession', tag, access: toHolder('board'), answers: answer },
    changes: 'session.begin',
    summary: 'Begins a session of a browser, with the key that the request brings',
    problems: ['cross-site', 'log-unavailable', 'log-full'],
  },
  end: {
    ...{ id: 'endSession', tag, access: toAnyone, changes: 'session.end' },
    summary: 'Ends the session of a browser',
    answers: { 204: { description: 'It has ended' } },
    problems: ['cross-site', 'log-unavailable', 'log-full'],
  },
  provider: {
    ...{ id: 'beginSignIn', tag, access: toAnyone },
    summary: 'Leads a browser to the OpenID provider, where one is configured',
    answers: { 303: { description: 'The provider, or the page that says what failed' } },
    problems: ['bad-request'],
  },
  callback: {
    ...{ id: 'endSignIn', tag, access: toAnyone, changes: 'session.begin' },
    summary: 'Where the OpenID provider leads back to: a session, and the page that asked for it',
    answers: { 303: { description: 'The page, or the one that says what failed' } },
    problems: ['bad-request', 'log-unavailable', 'log-full'],
  },
} as const satisfies Readonly<Record<string, Operation>>
