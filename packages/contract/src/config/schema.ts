import * as z from 'zod'
import { isLoopback } from '../access/loopback.ts'
import { tenantName } from '../events/words.ts'
import { httpUrl } from './alerts/endpoint-schema.ts'
import { alertsSchema } from './alerts/schema.ts'
import { duration } from './duration.ts'
import { mask, secretText } from './secret.ts'
import { tenantSchema } from './tenant.ts'
import { addressRange, hostPort, password, tls } from './wires.ts'

const minute = 60_000

function saslOf<const Mechanism extends string>(mechanism: Mechanism) {
  return z.strictObject({ mechanism: z.literal(mechanism), username: z.string().min(1), password })
}

const sasl = z.discriminatedUnion('mechanism', [
  saslOf('plain'),
  saslOf('scram-sha-256'),
  saslOf('scram-sha-512'),
  /** Tokens of an authorization server, as OAuth 2.0 gives them for a client's own credentials. */
  z.strictObject({
    mechanism: z.literal('oauthbearer'),
    tokenUrl: z
      .string()
      .max(2_000)
      .refine(httpUrl, { error: 'an http or https URL without user and password' }),
    clientId: z.string().min(1),
    clientSecret: password,
    scope: z.string().min(1).max(1_000).optional(),
  }),
])

const kafka = z.strictObject({
  brokers: z.array(hostPort).min(1).default(['127.0.0.1:9092']),
  ssl: tls,
  sasl: sasl.optional(),
  /** `deskpulse` gives `deskpulse.raw`, `deskpulse.log` and so on. */
  topicPrefix: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,100}$/u, { error: '1 to 100 of a–z, A–Z, 0–9, ., _ and -' })
    .default('deskpulse'),
  /** Partitions of the log: fixed at its creation. */
  partitions: z.int().min(1).max(1_024).default(12),
  /** Replicas of topics that are created; -1 = the cluster's own default. */
  replication: z.int().min(-1).max(10).default(-1),
  /** How long what sources send over Kafka is kept, forwarded or not. */
  rawRetention: duration(3_600_000, 365 * 86_400_000).default(7 * 86_400_000),
})

/** The password of each address is hidden. */
const withoutPasswords = (text: string): string =>
  text.replaceAll(/([/,][^:@/,]*):[^/,]*@/g, `$1:${mask}@`)

const redis = z.strictObject({
  /** With `cluster`: one or several nodes, separated by commas. */
  url: secretText(
    z.string().regex(/^rediss?:\/\/[^\s/,]+(\/\d+)?(,(rediss?:\/\/)?[^\s/,]+)*$/u, {
      error: 'a redis or rediss URL',
    }),
    withoutPasswords,
  ).default('redis://127.0.0.1:6379'),
  cluster: z.boolean().default(false),
  /** Of the ACL; before those of the URL. */
  username: z.string().min(1).optional(),
  password: password.optional(),
  tls,
  /** Who says which Redis is the master; its address is not taken from the URL then. */
  sentinel: z
    .strictObject({
      nodes: z.array(hostPort).min(1).max(100),
      master: z.string().min(1).max(100),
      username: z.string().min(1).optional(),
      password: password.optional(),
      tls,
    })
    .optional(),
  /** What all keys begin with: one for each installation on a Redis. */
  namespace: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/u, { error: 'lower-case letters, digits and hyphens' })
    .default('dp'),
})

const file = z.string().min(1).max(4_096)

const http = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8_080),
  /** Names under which the server is reached, beside loopback names, addresses, `host` and the one of `alerts.publicUrl`: any other is refused. */
  hosts: z
    .array(
      z.string().regex(/^[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?$/iu, {
        error: 'a host name without a port',
      }),
    )
    .max(100)
    .default([]),
  /** Pages of these origins may read and send with a key of their own, over the browser's rules (CORS). */
  corsOrigins: z
    .array(
      z
        .string()
        .regex(/^https?:\/\/[^\s/?#@]+$/u, { error: 'an origin, such as https://tools.example' }),
    )
    .max(100)
    .default([]),
  /** Connections that a process holds at once; past it those are closed that have been idle the longest, or whose clients take no answers. */
  connectionsMax: z.int().min(16).max(1_000_000).default(4_096),
  /** Requests that a key, and an address without one, may send in a minute. */
  requestsPerMinute: z
    .strictObject({
      key: z.int().min(60).max(100_000_000).default(240_000),
      address: z.int().min(60).max(100_000_000).default(1_200),
    })
    .prefault({}),
  /** Files, which are read again when they change. With `ca` clients must show a certificate of it. */
  tls: z.strictObject({ cert: file, key: file, ca: file.optional() }).optional(),
  /** Proxies whose `X-Forwarded-For` says who asks. */
  trustProxy: z.array(addressRange).max(100).default([]),
})

/** Over HTTPS, or of this machine. */
function isSafeAddress(address: string): boolean {
  const { protocol, hostname = '' } = URL.parse(address) ?? {}
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}
const safeAddress = z.string().refine(isSafeAddress, { error: 'an address of HTTPS' })

const claim = (name: string) => z.string().min(1).max(200).default(name)
const values = z.array(z.string().min(1).max(200)).max(100).default([])

const oidc = z.strictObject({
  /** Of an OpenID provider: where `/.well-known/openid-configuration` is found. Over HTTPS, but on this machine. */
  issuer: safeAddress,
  clientId: z.string().min(1),
  clientSecret: secretText(z.string().min(1)).optional(),
  /** Whom tokens that programs bring must be for. Left out: none are taken. */
  audience: z.string().min(1).optional(),
  /** Where its keys are, if not where it says. */
  jwksUri: safeAddress.optional(),
  scopes: z.array(z.string().min(1)).default(['openid', 'profile']),
  /** What people are called, and what says which roles and tenants they have. */
  claims: z
    .strictObject({ name: claim('name'), roles: claim('roles'), tenants: claim('tenants') })
    .prefault({}),
  /** Values of the claim of roles that make somebody a viewer, a supervisor, an admin. */
  roles: z.strictObject({ viewer: values, supervisor: values, admin: values }).prefault({}),
})

const auth = z.strictObject({
  /** `keys`: API keys, and sessions that begin with one. `open`: whoever reaches the port may do everything. Left out: open, where only this machine reaches it. */
  mode: z.enum(['open', 'keys']).optional(),
  /** Sessions of pages are signed with it, in every service with the same. The embedded product makes one. */
  sessionSecret: secretText(z.string().min(32).max(1_024)).optional(),
  /** People sign in there, beside keys. */
  oidc: oidc.optional(),
  /** How long a session lasts. */
  sessionLasts: duration(minute, 400 * 1_440 * minute).default(12 * 60 * minute),
})

const ingest = z.strictObject({
  /** How long a frame waits for more entries. */
  lingerMs: duration(0, 1_000).default(5),
  /** Largest body that is not a stream. */
  bodyBytesMax: z.int().min(65_536).max(67_108_864).default(16_777_216),
  /** What all requests together may hold before new ones are answered 429. */
  inFlightBytesMax: z.int().min(1_048_576).default(134_217_728),
})

const aggregator = z.strictObject({
  /** About what the folds hold in memory, of all partitions of the log together. */
  cacheBytesMax: z.int().min(33_554_432).default(276_824_064),
})

const health = z.strictObject({
  /** How far folds may be behind the log before their process is not ready. */
  lagMax: duration(1_000, 1_440 * minute).default(minute),
  /** How often it is looked whether topics still are what they must be. */
  checkTopicsEvery: duration(1_000, 1_440 * minute).default(minute),
})

const deadLetters = z.strictObject({
  retentionMs: duration(3_600_000, 365 * 86_400_000).default(14 * 86_400_000),
  /** Past it the oldest go. At least a few records of the largest size. */
  bytesMax: z.int().min(16_777_216).default(1_073_741_824),
})

const log = z.strictObject({
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

/** The one file. Every block and key may be left out; an unknown key is an error. What follows from several keys: `faultsBetween`. */
export const configSchema = z.strictObject({
  tenants: z.record(tenantName, tenantSchema.nullable()).default({}),
  /** Tenants that the file does not name are taken with the defaults. */
  openTenants: z.boolean().default(false),
  /** How many of those there may be; the ones that are known stay. */
  openTenantsMax: z.int().min(1).max(100_000).default(1_000),
  alerts: alertsSchema.prefault({}),
  kafka: kafka.prefault({}),
  redis: redis.prefault({}),
  http: http.prefault({}),
  auth: auth.prefault({}),
  ingest: ingest.prefault({}),
  aggregator: aggregator.prefault({}),
  health: health.prefault({}),
  deadLetters: deadLetters.prefault({}),
  log: log.prefault({}),
})
