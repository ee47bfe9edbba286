import { type AddressKind, addressKind } from './address.ts'

/** Says why an address must not be connected to; `null`: it may. */
export type Guard = {
  address(address: string): AddressKind | null
  /** A host name that means this machine or this network, whatever it resolves to. */
  name(host: string): 'local name' | null
}

/** Nothing answers a POST there, in any network; 0.0.0.0 is this machine under a name that nobody writes on purpose. */
const nonsense: ReadonlySet<AddressKind> = new Set([
  'multicast',
  'broadcast',
  'unspecified',
  'unreadable',
])

const localNames =
  /^(?:localhost|ip6-localhost|ip6-loopback|broadcasthost)$|\.(?:localhost|localdomain|local|internal)$|^localdomain$/u

/** `allowPrivateAddresses`: everything but nonsense is allowed; else public addresses alone. */
export function guardOf(allowPrivateAddresses: boolean): Guard {
  if (allowPrivateAddresses)
    return {
      address: (address) => refusedIf(addressKind(address), (kind) => nonsense.has(kind)),
      name: () => null,
    }
  return {
    address: (address) => refusedIf(addressKind(address), (kind) => kind !== 'public'),
    name: (host) => (localNames.test(host) ? 'local name' : null),
  }
}

function refusedIf(kind: AddressKind, refused: (kind: AddressKind) => boolean): AddressKind | null {
  return refused(kind) ? kind : null
}
