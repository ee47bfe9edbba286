import { boardCreatedSchema, boardsSchema, keyCreatedSchema, keysSchema } from '@deskpulse/contract'
import { serverAddress } from '../command-line/values.ts'
import type { Context } from '../commands/command.ts'
import { ask, type Question } from '../send/ask.ts'
import type { Keys, Whose } from './keys.ts'

/** Keys by way of a server. */
export function keysOverHttp(url: string, context: Context): Keys {
  const keysOf = (whose: Whose): Asked =>
    whose === null
      ? { path: 'v1/keys', needed: 'admin, of the installation' }
      : { path: `v1/tenants/${whose}/keys`, needed: `admin, of ${whose} or of the installation` }
  const boardsOf = (tenant: string): Asked => ({
    ...keysOf(tenant),
    path: `v1/tenants/${tenant}/boards`,
  })
  const asked = <Answer>(
    { path, ...asked }: Asked,
    parse: (answer: unknown) => Answer | null,
  ): Promise<Answer> =>
    ask({ ...asked, address: serverAddress(url, path), of: 'keys' }, parse, context)
  const revoke = ({ path, ...of }: Asked, id: string): Promise<void> =>
    asked({ ...of, path: `${path}/${id}`, method: 'DELETE' }, () => undefined)
  const create = { method: 'POST' } as const

  return {
    list: async (whose) => (await asked(keysOf(whose), parsing(keysSchema))).keys,
    create: (whose, body) =>
      asked({ ...keysOf(whose), ...create, body }, parsing(keyCreatedSchema)),
    revoke: (whose, id) => revoke(keysOf(whose), id),
    listBoards: async (tenant) => (await asked(boardsOf(tenant), parsing(boardsSchema))).boards,
    async createBoard(tenant, body) {
      const board = await asked(
        { ...boardsOf(tenant), ...create, body },
        parsing(boardCreatedSchema),
      )
      return { ...board, link: serverAddress(url, board.link.replace(/^\//, '')) }
    },
    revokeBoard: (tenant, id) => revoke(boardsOf(tenant), id),
  }
}

type Asked = Pick<Question, 'method' | 'body' | 'needed'> & { readonly path: string }

type Schema<Answer> = {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: Answer | undefined }
}

const parsing =
  <Answer>(schema: Schema<Answer>) =>
  (answer: unknown): Answer | null =>
    schema.safeParse(answer).data ?? null
