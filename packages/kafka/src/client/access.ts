import type { KafkaConfig } from 'kafkajs'
import { tokens, type TokenClient } from './tokens.ts'

/** TLS to the brokers. All but `servername` is PEM. */
type KafkaTls = {
  /** Whose certificates are trusted, instead of the well-known authorities. */
  readonly ca?: string | undefined
  /** What this side shows, where the brokers ask for it. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** The name that a broker's certificate must be for; default: its host. */
  readonly servername?: string | undefined
}

/** Who this side is. */
type KafkaSasl =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
      readonly username: string
      readonly password: string
    }
  | ({ readonly mechanism: 'oauthbearer' } & TokenClient)

export type KafkaAccess = {
  readonly ssl?: KafkaTls | undefined
  readonly sasl?: KafkaSasl | undefined
}

/** In KafkaJS' words. It writes into what it is given: these are objects of its own. */
export function accessOf({ ssl, sasl }: KafkaAccess): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return {
    ...(ssl !== undefined && { ssl: given(ssl) }),
    ...(sasl !== undefined && { sasl: saslOf(sasl) }),
  }
}

/** Without the keys that say nothing: a `servername` of `undefined` would stand over that of the host. */
const given = (ssl: KafkaTls): Exclude<KafkaConfig['ssl'], boolean | undefined> =>
  Object.fromEntries(Object.entries(ssl).filter(([, value]) => value !== undefined))

function saslOf(sasl: KafkaSasl): NonNullable<KafkaConfig['sasl']> {
  if (sasl.mechanism !== 'oauthbearer') return { ...sasl } as NonNullable<KafkaConfig['sasl']>
  const token = tokens(sasl)
  return {
    mechanism: 'oauthbearer',
    oauthBearerProvider: async () => ({ value: await token() }),
  }
}
