import { scryptSync } from 'node:crypto'
import { type KeyRecord, keyText, parseKey, withoutSecrets } from '@deskpulse/contract'
import { personOf } from '../../../packages/access/src/oidc/people.ts'
import { keyAuthenticator } from '../../../packages/access/src/keys/authenticator.ts'
import { sessionsOf } from '../../../packages/access/src/session/sessions.ts'
import { signingWith } from '../../../packages/access/src/session/signing.ts'
import { type Making, mutatedText, mutatedValue } from '../mutation.ts'
import { type Parser, parserOf, refused, taken } from '../parser.ts'
import { nowMs } from './events.ts'

const id = '0123456789ab'
const secret = '0123456789abcdef'.repeat(4)
const keys = ['acme', null].map((tenant) => keyText({ tenant, id, secret }))

const key = parserOf({
  name: 'a key',
  make: mutatedText(keys),
  read(text) {
    if (withoutSecrets(`before ${text} behind`).includes(secret) && parseKey(text) !== null)
      throw new Error('its secret is shown')
    const parsed = parseKey(text)
    if (parsed !== null && keyText(parsed) !== text) throw new Error('another key is read')
    return parsed === null ? refused('no key') : taken(parsed)
  },
  codes: ['no key'],
})

const signing = signingWith('a secret of the tests, long enough', () => nowMs)
const sessions = sessionsOf({ signing, lastsMs: 3_600_000, nowMs: () => nowMs, isSecure: false })
const holders = [
  { kind: 'key', keyId: id },
  {
    kind: 'person',
    principal: {
      id: 'person/ann',
      name: 'Ann',
      tenants: new Set(['acme']),
      scopes: new Set(['read'] as const),
    },
  },
] as const
const tokens: string[] = []
const request = { protocol: 'http' } as Parameters<typeof sessions.begin>[0]
const reply = { setCookie: (_name: string, token: string) => tokens.push(token) }
for (const holder of holders)
  await sessions.begin(request, reply as unknown as Parameters<typeof sessions.begin>[1], holder)
tokens.push(await signing.sign('sign-in', { sub: id, kind: 'key' }, 3_600_000))
tokens.push(
  await signingWith('a secret of somebody else, long enough', () => nowMs).sign(
    'session',
    { sub: id, kind: 'key' },
    1e9,
  ),
)
/** Some as they are: one that is changed is refused nearly always. */
const nowAndThenAsItIs = (corpus: readonly string[]): Making<string> => {
  const changed = mutatedText(corpus)
  return (random) => (random.chance(0.2) ? random.pick(corpus) : changed(random))
}
const signed = (token: string): string => token.split('.', 2).join('.')
const genuine = new Set(tokens.slice(0, holders.length).map(signed))

const session = parserOf({
  name: 'a session',
  share: 4,
  make: nowAndThenAsItIs(tokens),
  async read(token) {
    const holder = await sessions.verify(token)
    if (holder === null) return refused('no session')
    if (!genuine.has(signed(token))) throw new Error('a session that nobody began')
    return taken(null)
  },
  codes: ['no session'],
})

const scrypted = { cost: 2, blockSize: 8, parallelization: 1 } // Quick: wrong secrets are many.
const salt = '00'.repeat(16)
const hash = scryptSync(secret, Buffer.from(salt, 'hex'), 32, scrypted).toString('hex')
/** Of the first of the keys alone; the second has its id. */
const record: KeyRecord = {
  ...{ kind: 'key', id, name: 'Hall', tenant: 'acme', scopes: ['read'], board: null },
  ...{ secret: { algorithm: 'scrypt', ...scrypted, salt, hash } },
  ...{ createdAtMs: 0, createdBy: 'Li', expiresAtMs: null, revokedAtMs: null, revokedBy: null },
}
const authenticator = keyAuthenticator({
  keys: { find: (asked) => (asked === id ? record : undefined), used: () => {} },
  sessions: { ...sessions, tokenOf: () => undefined },
  ...{ bearers: null, nowMs: () => nowMs, ownKey: 'dp_own' },
})

function hasTheKey(value: string): boolean {
  const [, said = ''] = value.split(' ')
  const [, password] = Buffer.from(said, 'base64').toString().split(':')
  return said === keys[0] || password === keys[0]
}

const authorization = parserOf({
  name: 'a header Authorization',
  make: nowAndThenAsItIs([
    ...keys.map((text) => `Bearer ${text}`),
    ...keys.map((text) => `Basic ${Buffer.from(`deskpulse:${text}`).toString('base64')}`),
    ...tokens.map((token) => `Bearer ${token}`),
  ]),
  async read(value) {
    const asked = { method: 'GET', headers: { authorization: value } } as Parameters<
      typeof authenticator.verify
    >[0]
    authenticator.brings(asked)
    const found = authenticator.recognise(asked) ?? (await authenticator.verify(asked))
    if (found === null || typeof found === 'string') return refused('not let in')
    if (!hasTheKey(value)) throw new Error('let in without the key')
    return taken(found.id)
  },
  codes: ['not let in'],
})

const oidc = {
  claims: { name: 'name', roles: 'realm_access.roles', tenants: 'tenants' },
  roles: { viewer: ['desk'], supervisor: ['lead'], admin: ['root'] },
}
const claims = mutatedValue([
  { sub: 'ann', name: 'Ann', realm_access: { roles: ['desk'] }, tenants: ['acme', 'globex'] },
  { sub: 'bob', 'realm_access.roles': 'lead desk', tenants: '*', preferred_username: 'Bob' },
])

const person = parserOf({
  name: 'the claims of a person',
  make: claims,
  read(value) {
    if (typeof value !== 'object' || value === null) return refused('may do nothing')
    const found = personOf({ ...value, sub: 'ann' }, oidc)
    if (typeof found === 'string') return refused('may do nothing')
    if (/\p{Cc}/u.test(found.name ?? '')) throw new Error('a name with control characters')
    return taken(null)
  },
  codes: ['may do nothing'],
})

export const accessParsers: readonly Parser[] = [key, session, authorization, person]
