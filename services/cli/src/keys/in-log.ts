import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import {
  auditedKey,
  type AuditTrail,
  auditTrail,
  boardLink,
  createKey,
  keyStore,
  type KeyStore,
  keyView,
  newBoard,
  revokeKey,
} from '@deskpulse/access'
import type { AuditAction, Config, KeyRecord, KeyView } from '@deskpulse/contract'
import {
  accessTopicSpecs,
  type EventLog,
  realTimer,
  type TopicNames,
  topicNames,
  topicsOf,
} from '@deskpulse/stream'
import { CommandFailure } from '../command-line/failure.ts'
import type { Context } from '../commands/command.ts'
import { makeDataDir, openEmbeddedLog } from '../rebuild/embedded-log.ts'
import type { Keys, Whose } from './keys.ts'

type Act<Result> = (keys: Keys) => Promise<Result>
type Installation = { readonly config: Config; readonly context: Context }

/** Of an embedded product that is stopped. `isNew`: the folder may be made. @throws CommandFailure when it is of no product, or in use */
export function withKeysIn<Result>(
  folder: string,
  isNew: boolean,
  { config, context }: Installation,
  act: Act<Result>,
): Promise<Result> {
  const isMade = isNew && makeDataDir(folder)
  if (isMade) context.terminal.err(`${folder} is the data directory of a new product\n`)
  const log = openEmbeddedLog(folder, 'do this; or ask it with --url', isMade)
  return withKeysOf(log, topicNames(), { config, context }, act)
}

/** Of the services on Kafka, which may run: they have what changes within a second. */
export async function withKeysOnKafka<Result>(
  installation: Installation,
  act: Act<Result>,
): Promise<Result> {
  const { config } = installation
  const { kafkaEventLog } = await import('@deskpulse/kafka') // Slow to load.
  const log = kafkaEventLog({ ...config.kafka, clientId: 'deskpulse-keys' })
  return withKeysOf(log, topicsOf(config).names, installation, act)
}

async function withKeysOf<Result>(
  log: EventLog,
  topics: TopicNames,
  installation: Installation,
  act: Act<Result>,
): Promise<Result> {
  await using opened = new AsyncDisposableStack()
  opened.defer(() => log.close())
  await log.ensureTopics(accessTopicSpecs(topics))
  // What reads on in the background may fail: what is asked for says so itself.
  const store = keyStore({ log, topic: topics.access, timer: realTimer, onFailure: () => {} })
  opened.defer(() => store.stop())
  await store.open()
  const audit = auditTrail({ log, topic: topics.audit })
  return await act(keysIn(store, audit, installation))
}

function keysIn(store: KeyStore, audit: AuditTrail, { config, context }: Installation): Keys {
  const { clock } = context
  const of = (whose: Whose): readonly KeyRecord[] =>
    store.list().filter(({ tenant }) => tenant === whose)
  const viewOf = (record: KeyRecord): KeyView =>
    keyView(record, store.lastUsedMs(record.id), clock.nowMs())
  const doing = () => ({ by: userName(), atMs: clock.nowMs() })

  async function revoke(whose: Whose, id: string, isBoard: boolean): Promise<void> {
    const key = of(whose).find((one) => one.id === id && (one.board !== null) === isBoard)
    if (key === undefined)
      throw new CommandFailure(
        `${whose ?? 'the installation'} has no ${isBoard ? 'board' : 'key'} ${id}`,
      )
    if (key.revokedAtMs !== null) return
    const before = auditedKey(key, viewOf(key))
    await revokeKey(store, key, doing())
    await tell(isBoard ? 'board.revoke' : 'key.revoke', store.find(id) ?? key, before)
  }

  /** As the HTTP API tells it. */
  const tell = (action: AuditAction, key: KeyRecord, before: object | null): Promise<void> =>
    audit.write({
      ...{ id: randomUUID(), action, object: key.id, tenant: key.tenant },
      ...{ before, after: auditedKey(key, viewOf(key)) },
      who: { id: 'command-line', name: userName() },
      from: { address: null, userAgent: null },
    })

  return {
    list: async (whose) =>
      of(known(config, whose))
        .filter(({ board }) => board === null)
        .map(viewOf),
    async create(whose, body) {
      const tenant = known(config, whose)
      const { record, text } = await createKey(store, { ...body, tenant }, doing())
      await tell('key.create', record, null)
      return { ...viewOf(record), key: text }
    },
    revoke: (whose, id) => revoke(whose, id, false),
    listBoards: async (tenant) =>
      of(known(config, tenant)).flatMap((key) =>
        key.board === null ? [] : [{ ...viewOf(key), page: key.board }],
      ),
    async createBoard(tenant, body) {
      known(config, tenant)
      const board = newBoard(tenant, body)
      const { record, text } = await createKey(store, board, doing())
      await tell('board.create', record, null)
      return { ...viewOf(record), page: board.board, link: boardLink(text) }
    },
    revokeBoard: (tenant, id) => revoke(tenant, id, true),
  }
}

/** @throws CommandFailure: the installation takes no such tenant. */
function known({ openTenants, tenants }: Config, whose: Whose): Whose {
  if (whose === null || openTenants || Object.hasOwn(tenants, whose)) return whose
  throw new CommandFailure(`the configuration names no tenant ${whose}`)
}

/** Of who runs the command, as the system knows them; a container may run as a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? ''}`.trim()
  }
}
