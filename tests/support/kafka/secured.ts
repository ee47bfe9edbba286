import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Certificate, selfSigned } from '../certificate.ts'
import { type KafkaProcesses, processKafka } from './process.ts'

/** A Kafka that asks who is there, in every way that the product can answer. */
export type SecuredKafka = KafkaProcesses & {
  /** Of the brokers: what a client must trust. */
  readonly ca: string
  /** What the brokers take for a client's. */
  readonly client: Certificate
  readonly username: string
  readonly password: string
}

const username = 'deskpulse'
const modules = 'org.apache.kafka.common.security'
/** After so long a client must say again who it is. */
const reauthenticationMs = 12_000

/**
 * Listeners: `TLS` (a certificate of the brokers alone), `MTLS` (one of the client too), `SASLTLS` (PLAIN, SCRAM, OAUTHBEARER over TLS), `SASL` (PLAIN
 * without TLS). Tokens are JWTs without a signature, of whomever.
 */
export async function securedKafka(password: string): Promise<SecuredKafka> {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-kafka-tls-'))
  const broker = selfSigned({ hosts: ['localhost', '127.0.0.1'] })
  const client = selfSigned({ hosts: ['deskpulse'] })
  const [keyStore, trustStore] = [join(folder, 'broker.pem'), join(folder, 'clients.pem')]
  await writeFile(keyStore, `${broker.key}${broker.cert}`)
  await writeFile(trustStore, client.cert)
  const plain = `${modules}.plain.PlainLoginModule required user_${username}="${password}";`
  const kafka = await processKafka({
    secured: {
      listeners: { TLS: 'SSL', MTLS: 'SSL', SASLTLS: 'SASL_SSL', SASL: 'SASL_PLAINTEXT' },
      settings: {
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': keyStore,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': trustStore,
        'listener.name.mtls.ssl.client.auth': 'required',
        'listener.name.sasltls.sasl.enabled.mechanisms':
          'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
        'listener.name.sasltls.plain.sasl.jaas.config': plain,
        ...Object.fromEntries(
          ['scram-sha-256', 'scram-sha-512'].map((mechanism) => [
            `listener.name.sasltls.${mechanism}.sasl.jaas.config`,
            `${modules}.scram.ScramLoginModule required;`,
          ]),
        ),
        'listener.name.sasltls.oauthbearer.sasl.jaas.config': `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
        'listener.name.sasltls.oauthbearer.connections.max.reauth.ms': `${reauthenticationMs}`,
        'listener.name.sasl.sasl.enabled.mechanisms': 'PLAIN',
        'listener.name.sasl.plain.sasl.jaas.config': plain,
      },
      scram: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
        (mechanism) => `${mechanism}=[name=${username},password=${password}]`,
      ),
    },
  })
  return {
    ...kafka,
    ca: broker.cert,
    client,
    username,
    password,
    async stop() {
      await kafka.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
