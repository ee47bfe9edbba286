import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import * as z from 'zod'
import type { Fault } from './fault.ts'
import type { Readable } from './readable.ts'
import { secretText } from './secret.ts'

/** The text of a file. @throws Error, with a `code` where the system has one. */
export type ReadFile = (name: string) => string

/** The name of the file is not repeated: who took one key for another has put a secret there. */
export const unreadable = (
  path: readonly PropertyKey[],
  error: unknown,
): Fault & { readonly got: string } => ({
  path,
  expected: 'a file that can be read',
  got: (error as NodeJS.ErrnoException).code ?? 'none',
})

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

const isCertificate = (text: string): boolean => {
  try {
    return new X509Certificate(text).subject !== undefined
  } catch {
    return false
  }
}

type Files = { readonly cert?: string; readonly key?: string; readonly ca?: string }

/** What is wrong with the files of a server: they cannot be read, or hold nothing to speak TLS with. */
export function certificateFaults(files: Readable<Files>, read: ReadFile): Fault[] {
  const faults: Fault[] = []
  const texts = (['cert', 'key', 'ca'] as const).map((key) => {
    const name = files[key]
    if (name === undefined) return null
    try {
      return read(name)
    } catch (error) {
      faults.push(unreadable([key], error))
      return null
    }
  })
  const [cert = null, key = null, ca = null] = texts
  if (cert !== null && key !== null && !isPair(cert, key))
    faults.push({ path: ['key'], expected: 'the key of the certificate, without a passphrase' })
  if (ca !== null && !isCertificate(ca)) faults.push({ path: ['ca'], expected: 'a certificate' })
  return faults
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
