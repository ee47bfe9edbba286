import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export type Certificate = { readonly cert: string; readonly key: string }
export type CertificateOptions = {
  /** Names and IPv4 addresses that it is for. */
  readonly hosts: readonly string[]
  readonly notBefore?: Date
  readonly notAfter?: Date
}

const dayMs = 86_400_000

/** A self-signed certificate of a new key, valid from yesterday until tomorrow unless told otherwise. */
export function selfSigned({ hosts, notBefore, notAfter }: CertificateOptions): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(
    der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(hosts[0]!)))),
  )
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)) // ecdsa-with-SHA256
  const unsigned = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(
      time(notBefore ?? new Date(Date.now() - dayMs)),
      time(notAfter ?? new Date(Date.now() + dayMs)),
    ),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(authority, alternativeNames(hosts))),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', unsigned, privateKey))
  return {
    cert: pem('CERTIFICATE', sequence(unsigned, algorithm, signature)),
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
  }
}

const authority = sequence(
  oid(0x55, 0x1d, 0x13),
  der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
)

function alternativeNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    /^[\d.]+$/u.test(host)
      ? der(0x87, Buffer.from(host.split('.').map(Number)))
      : der(0x82, Buffer.from(host)),
  )
  return sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(...names)))
}

/** One element of ASN.1 in the distinguished encoding. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content])
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.from([length])
  return length < 0x100
    ? Buffer.from([0x81, length])
    : Buffer.from([0x82, length >> 8, length & 0xff])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function oid(...bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes))
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes)
}

/** To the second, as UTCTime: years 1950 to 2049. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/\D/gu, '')
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`))
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/gu) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
