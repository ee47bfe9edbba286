import type { Client } from './client.ts'
import { startEmbedded } from './embedded.ts'
import { startInstallation } from './installation.ts'

export type Product = { readonly client: Client; [Symbol.asyncDispose](): Promise<void> }

const settings = { timeZone: 'Europe/Rome', pseudonymise: { key: 'a secret of the tests' } }

/** Both forms of the product, for rules that hold in either. `tenants`: those that its configuration names. */
export const products: readonly {
  readonly name: string
  open(...tenants: readonly string[]): Promise<Product>
}[] = [
  {
    name: 'the embedded product',
    open: (...tenants) => startEmbedded({ tenants: named(tenants) }),
  },
  {
    name: 'Kafka and Redis',
    open: (...tenants) =>
      startInstallation({ tenants: named(tenants), partitions: 3, aggregators: 1 }),
  },
]

const named = (tenants: readonly string[]): Record<string, object> =>
  Object.fromEntries(tenants.map((tenant) => [tenant, settings]))
