import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** What kind of place an address leads to. `public` alone is somewhere on the Internet. */
export type AddressKind =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'site-local'
  | 'shared'
  | 'metadata'
  | 'tunnel'
  | 'reserved'
  | 'documentation'
  | 'benchmarking'
  | 'multicast'
  | 'broadcast'
  | 'unspecified'
  | 'unreadable'

type Range = readonly [range: string, kind: AddressKind]

/** IANA's special-purpose registries; the first range that holds an address decides. `metadata`: a cloud's own service behind a public address. */
const rangesOfIpv4: readonly Range[] = [
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared'],
  ['127.0.0.0/8', 'loopback'],
  ['168.63.129.16/32', 'metadata'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'reserved'],
  ['192.52.193.0/24', 'reserved'],
  ['192.88.99.0/24', 'tunnel'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'reserved'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
  ['240.0.0.0/4', 'reserved'],
]

const rangesOfIpv6: readonly Range[] = [
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::/96', 'tunnel'],
  ['::ffff:0:0:0/96', 'tunnel'],
  ['64:ff9b:1::/48', 'private'],
  ['2001::/32', 'tunnel'],
  ['2001:2::/48', 'benchmarking'],
  ['2001::/23', 'reserved'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', 'tunnel'],
  ['2620:4f:8000::/48', 'reserved'],
  ['3fff::/20', 'documentation'],
  ['2000::/3', 'public'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
]

/** An IPv4 address stands in the last 32 bits, and packets go there. */
const carriers = ['::ffff:0:0/96', '64:ff9b::/96'].map((range) => ipaddr.IPv6.parseCIDR(range))
const parsed4 = rangesOfIpv4.map(([range, kind]) => ({ range: ipaddr.IPv4.parseCIDR(range), kind }))
const parsed6 = rangesOfIpv6.map(([range, kind]) => ({ range: ipaddr.IPv6.parseCIDR(range), kind }))

/**
 * The kind of an address as a resolver or a URL parser writes it; `unreadable` when it is none. IPv4-mapped and NAT64 addresses are what they carry;
 * what else can carry an IPv4 address (6to4, Teredo, ISATAP, IPv4-compatible, IPv4-translated) is a `tunnel`: nobody is reached by these today.
 */
export function addressKind(address: string): AddressKind {
  if (isIP(address) === 4) return kindOfIpv4(ipaddr.IPv4.parse(address))
  if (isIP(address) !== 6) return 'unreadable'
  // The URL parser writes every spelling in one way; ipaddr.js takes `::127.0.0.1` for a mapped address.
  const canonical = URL.parse(`http://[${address.split('%')[0]}]`)?.hostname.slice(1, -1)
  return canonical === undefined ? 'unreadable' : kindOfIpv6(ipaddr.IPv6.parse(canonical))
}

function kindOfIpv4(address: ipaddr.IPv4): AddressKind {
  return parsed4.find(({ range }) => address.match(range))?.kind ?? 'public'
}

function kindOfIpv6(address: ipaddr.IPv6): AddressKind {
  if (carriers.some((range) => address.match(range)))
    return kindOfIpv4(new ipaddr.IPv4(address.toByteArray().slice(12)))
  const kind = parsed6.find(({ range }) => address.match(range))?.kind ?? 'reserved'
  return kind === 'public' && isIsatap(address) ? 'tunnel' : kind
}

/** ISATAP: the interface part is 0:5efe or 200:5efe and an IPv4 address. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200)
}
