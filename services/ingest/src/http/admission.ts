/** What one request holds of the memory that all have for bodies. */
export type Share = {
  /** It holds so many bytes of its body now, counted as they come. `false`: there is no room for more, and the request is to be turned away. */
  hold(bytes: number): boolean
  /** The request is over. Safe to call twice. */
  release(): void
}

/** Memory for the bodies of requests: bounded, and shared so that no client and no tenant can keep the others out. */
export type Admission = {
  /** A request begins. `null`: there is no room for another one. */
  enter(of: { readonly client: string; readonly tenant: string }): Share | null
}

/** What a request weighs before the first byte of its body: its connection, its headers, what is made of them. */
export const requestBytes = 16 * 1024

type Request = { bytes: number }
/** The requests of one client, or of one tenant, the eldest first. */
type Group = { readonly requests: Set<Request>; bytes: number }

function groups() {
  const all = new Map<string, Group>()
  return {
    of(name: string): Group {
      const group = all.get(name) ?? { requests: new Set(), bytes: 0 }
      all.set(name, group)
      return group
    },
    forget(name: string): void {
      if (all.get(name)?.requests.size === 0) all.delete(name)
    },
  }
}

/** How much may be held for each byte that is left free: a client has half of all when it is alone, a third beside another. A tenant is several clients. */
const perFree = { client: 1, tenant: 2 } as const

/**
 * Whoever holds much leaves room for who comes: a client may hold as much as is free, a tenant twice that. The eldest request of each may go on beyond that: else two that grow side by side would turn each other away.
 */
export function admission(bytesMax: number): Admission {
  const clients = groups()
  const tenants = groups()
  let bytes = 0

  return {
    enter({ client, tenant }) {
      const request: Request = { bytes: 0 }
      const own = [clients.of(client), tenants.of(tenant)] as const
      for (const group of own) group.requests.add(request)

      function fits(more: number): boolean {
        const free = bytesMax - bytes - more
        const isEldest = ({ requests }: Group): boolean =>
          requests.values().next().value === request
        const [ofClient, ofTenant] = own
        return (
          free >= 0 &&
          (ofClient.bytes + more <= perFree.client * free || isEldest(ofClient)) &&
          (ofTenant.bytes + more <= perFree.tenant * free || isEldest(ofTenant))
        )
      }

      function hold(now: number): boolean {
        const more = now - request.bytes
        if (more > 0 && !fits(more)) return false
        request.bytes = now
        bytes += more
        for (const group of own) group.bytes += more
        return true
      }

      const share: Share = {
        hold: (held) => hold(requestBytes + held),
        release() {
          hold(0)
          for (const group of own) group.requests.delete(request)
          clients.forget(client)
          tenants.forget(tenant)
        },
      }
      if (share.hold(0)) return share
      share.release()
      return null
    },
  }
}
