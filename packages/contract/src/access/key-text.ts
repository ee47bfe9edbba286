import { randomBytes } from 'node:crypto'

/** A key as its holder has it: `dp_<tenant>_<id>_<secret>`; the tenant is empty for a key of the installation. */
export type KeyText = {
  readonly tenant: string | null
  readonly id: string
  /** 64 hexadecimal digits. */
  readonly secret: string
}

const pattern = /^dp_([a-z0-9][a-z0-9-]{0,62})?_([0-9a-f]{12})_([0-9a-f]{64})$/

/** @returns `null` for what is no key. */
export function parseKey(text: string): KeyText | null {
  const [, tenant, id, secret] = pattern.exec(text) ?? []
  if (id === undefined || secret === undefined) return null
  return { tenant: tenant ?? null, id, secret }
}

export const keyText = ({ tenant, id, secret }: KeyText): string =>
  `dp_${tenant ?? ''}_${id}_${secret}`

/** A key that nobody has. */
export const newKey = (tenant: string | null): KeyText => ({
  tenant,
  id: randomBytes(6).toString('hex'),
  secret: randomBytes(32).toString('hex'),
})

/** Keys in a text, such as one that is logged. */
const anyKey = /dp_[a-z0-9-]*_[0-9a-f]{12}_[0-9a-f]{64}/g

/** The text with the secrets of keys hidden: the rest says which key it was. */
export const withoutSecrets = (text: string): string =>
  text.replaceAll(anyKey, (key) => `${key.slice(0, -64)}***`)
