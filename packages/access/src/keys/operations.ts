import {
  boardCreatedSchema,
  boardsSchema,
  keyCreatedSchema,
  keysSchema,
  type ProblemCode,
} from '@deskpulse/contract'
import { json, type Operation, type RouteAccess, toAnyone } from '@deskpulse/runtime'
import { tag } from '../session/operations.ts'

const reading: readonly ProblemCode[] = ['bad-request', 'unknown-tenant']
const changing: readonly ProblemCode[] = [
  ...(['bad-request', 'unknown-tenant', 'cross-site', 'log-unavailable', 'log-full'] as const),
]
const taking: readonly ProblemCode[] = [
  ...changing,
  ...(['not-json', 'too-large', 'unsupported-media-type', 'limit-reached'] as const),
]
const gone = { 204: { description: 'It is revoked, in every process within a second' } }

/** Of the keys of the installation, or of a tenant. `of`: ends the operations' ids. */
export const keyOperations = (of: 'Installation' | 'Tenant', access: RouteAccess) =>
  ({
    list: {
      ...{ id: `list${of}Keys`, tag, access, problems: reading },
      summary: 'Keys, the oldest first; never their secrets',
      answers: { 200: json(keysSchema, 'All') },
    },
    create: {
      ...{ id: `create${of}Key`, tag, access, problems: taking, changes: 'key.create' },
      summary: 'Makes a key, and shows it this once',
      answers: { 201: json(keyCreatedSchema, 'It is valid, here at once, elsewhere in a second') },
    },
    revoke: {
      ...{ id: `revoke${of}Key`, tag, access, answers: gone, changes: 'key.revoke' },
      summary: 'Revokes a key for good',
      problems: [...changing, 'unknown-key'],
    },
  }) as const satisfies Readonly<Record<string, Operation>>

export const boardOperations = (access: RouteAccess) =>
  ({
    list: {
      ...{ id: 'listBoards', tag, access, problems: reading },
      summary: 'Boards that a link opens, the oldest first',
      answers: { 200: json(boardsSchema, 'All') },
    },
    create: {
      ...{ id: 'createBoard', tag, access, problems: taking, changes: 'board.create' },
      summary: 'Makes a link that opens the wallboard of the tenant and may do nothing else',
      answers: { 201: json(boardCreatedSchema, 'Whoever has the link may look') },
    },
    revoke: {
      ...{ id: 'revokeBoard', tag, access, answers: gone, changes: 'board.revoke' },
      summary: 'Revokes the link of a board for good',
      problems: [...changing, 'unknown-key'],
    },
    open: {
      ...{ id: 'openBoard', tag, access: toAnyone, changes: 'session.begin' },
      summary: 'What the link of a board opens: a session that may look, and the page',
      answers: {
        303: {
          description: 'The page; for a browser with a link of no board, the one that says so',
        },
      },
      problems: ['bad-request', 'unknown-key', 'log-unavailable', 'log-full'],
    },
  }) as const satisfies Readonly<Record<string, Operation>>
