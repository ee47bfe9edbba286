import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Guard } from './guard.ts'
import type { Sent } from './sender.ts'
import type { Target } from './target.ts'
import { wordOf } from './words.ts'

export type ResolvedAddress = { readonly address: string; readonly family: number }

/** All addresses of a name. Rejects, or is empty, when there is none. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>

/** As every program of the machine resolves a name: hosts file, then DNS. */
export const systemResolve: Resolve = (host) => lookup(host, { all: true, order: 'verbatim' })

export type Resolved =
  | { readonly ok: true; readonly addresses: readonly ResolvedAddress[] }
  | { readonly ok: false; readonly sent: Sent }

/**
 * The addresses that may be connected to, all checked; they are the ones that are connected to, and the name is not asked again. One refused address
 * among them refuses the name: a name that is public and private at once is a mistake, or an attempt.
 */
export async function resolveTarget(
  { host, literal }: Target,
  guard: Guard,
  resolve: Resolve,
): Promise<Resolved> {
  if (literal) return { ok: true, addresses: [{ address: host, family: isIP(host) }] }
  const found = await resolve(host).catch((error: unknown) => wordOf(error))
  if (typeof found === 'string') return failed('name-unknown', found)
  if (found.length === 0) return failed('name-unknown', 'no address')
  for (const { address } of found) {
    const reason = guard.address(address)
    if (reason !== null) return failed('address-refused', `resolves to a ${reason} address`)
  }
  return { ok: true, addresses: found.map(({ address }) => ({ address, family: isIP(address) })) }
}

function failed(reason: 'name-unknown' | 'address-refused', detail: string): Resolved {
  return { ok: false, sent: { kind: 'failed', reason, detail } }
}
