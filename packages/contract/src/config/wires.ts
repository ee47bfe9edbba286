import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import * as z from 'zod'
import { secretText } from './secret.ts'

export const hostPort = z.string().regex(/^[^\s:]+:\d{1,5}$/u, { error: 'host:port' })

export const password = secretText(z.string().min(1))

const pem = z
  .string()
  .regex(/-----BEGIN [A-Z0-9 ]+-----/u, { error: 'PEM: its text, or the file that holds it' })
const [certificate, privateKey] = [secretText(pem), secretText(pem.clone())]

/** Whether the certificate, the first one of a chain, is for the key. */
export function isPair(cert: string, key: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

const clientTls = z
  .strictObject({
    /** Whose certificates are trusted, instead of the well-known authorities. */
    ca: certificate.optional(),
    /** What this side shows: its certificate, with the chain. */
    cert: certificate.optional(),
    key: privateKey.optional(),
    /** The name that the other side's certificate must be for; default: its host. */
    servername: z.string().min(1).max(253).optional(),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: 'cert and key, or neither',
  })
  .refine(({ cert, key }) => cert === undefined || key === undefined || isPair(cert, key), {
    error: 'a certificate and its own key, which no passphrase protects',
  })
export type ClientTls = z.output<typeof clientTls>

/** TLS as a client. `true`: with the well-known authorities, and no certificate of one's own. */
export const tls = z.preprocess(
  (value) => (value === true ? {} : value === false ? undefined : value),
  clientTls.optional(),
)

/** Addresses and ranges (`10.0.0.0/8`). */
export const addressRange = z.string().refine(
  (text) => {
    const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/u.exec(text) ?? []
    const family = isIP(address)
    return family !== 0 && (bits === undefined || Number(bits) <= (family === 4 ? 32 : 128))
  },
  { error: 'an address, or a range such as 10.0.0.0/8' },
)
