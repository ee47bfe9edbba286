import type { Scope } from '@deskpulse/contract'
import { deskpulse } from './deskpulse.ts'

/** `tenant: null`: of the installation. */
export type WantedKey = { readonly tenant: string | null; readonly scopes: readonly Scope[] }

/** Makes keys by the command line in the folder of a product that does not run. @returns their texts, by name */
export async function makeKeys<Name extends string>(
  dataDir: string,
  wanted: Readonly<Record<Name, WantedKey>>,
): Promise<Readonly<Record<Name, string>>> {
  const made: [string, string][] = []
  for (const [name, { tenant, scopes }] of Object.entries<WantedKey>(wanted)) {
    const whose = tenant === null ? ['--installation'] : ['--tenant', tenant]
    const what = ['--name', name, '--scopes', scopes.join(), ...whose, '--data-dir', dataDir]
    made.push([name, (await deskpulse('keys', 'create', ...what)).trimEnd()])
  }
  return Object.fromEntries(made) as Record<Name, string>
}
