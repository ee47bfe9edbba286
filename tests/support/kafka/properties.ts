import { brokerSettings } from './broker-settings.ts'

/** Where a node of the test's Kafka is. */
export type NodePlace = {
  readonly id: number
  /** Its data. */
  readonly folder: string
  readonly port: number
  readonly controllerPort: number
  /** The second way: where it listens, and where its clients are told that it does. */
  readonly outer: { readonly port: number; readonly toldPort: number } | null
  /** Further ways, by the names of their listeners. */
  readonly secured: Readonly<Record<string, { readonly port: number; readonly protocol: string }>>
}

/** `server.properties` of one of these nodes. */
export function propertiesOf(
  { id, folder, port, controllerPort, outer, secured }: NodePlace,
  all: readonly NodePlace[],
  more: Readonly<Record<string, string>> = {},
): string {
  const own = `PLAINTEXT://127.0.0.1:${port}`
  const ways = Object.entries(secured)
  const further = ways.map(([name, way]) => `${name}://127.0.0.1:${way.port}`)
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': `${id}`,
    'controller.quorum.bootstrap.servers': all
      .map((node) => `127.0.0.1:${node.controllerPort}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': [
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OUTER:PLAINTEXT',
      ...ways.map(([name, { protocol }]) => `${name}:${protocol}`),
    ].join(','),
    listeners: [
      own,
      ...(outer === null ? [] : [`OUTER://127.0.0.1:${outer.port}`]),
      ...further,
      `CONTROLLER://127.0.0.1:${controllerPort}`,
    ].join(','),
    'advertised.listeners': [
      own,
      ...(outer === null ? [] : [`OUTER://127.0.0.1:${outer.toldPort}`]),
      ...further,
    ].join(','),
    'log.dirs': folder,
    ...brokerSettings,
    ...(all.length < 3 ? {} : copied),
    ...more,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

/** What outlives the loss of any one node, and never takes an append that only one has. */
const copied = {
  'default.replication.factor': '3',
  'min.insync.replicas': '2',
  'unclean.leader.election.enable': 'false',
  'offsets.topic.replication.factor': '3',
  'transaction.state.log.replication.factor': '3',
  'transaction.state.log.min.isr': '2',
  'share.coordinator.state.topic.replication.factor': '3',
  'share.coordinator.state.topic.min.isr': '2',
} as const
