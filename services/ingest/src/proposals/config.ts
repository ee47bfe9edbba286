import {
  configEntry,
  configIdOf,
  decodeConfigVersions,
  encodeConfigEntry,
  entryKinds,
} from '@deskpulse/contract'
import type { ConfigVersion } from '@deskpulse/core/config'
import { configKey } from '@deskpulse/core/state'
import type { TenantDirectory } from '../intake/tenants.ts'
import type { Proposable } from './proposable.ts'

/** The configuration of each tenant that the file names. */
export function configProposals({ named }: TenantDirectory): Proposable<ConfigVersion> {
  return {
    what: 'configuration',
    entryKind: entryKinds.config,
    action: 'configuration.propose',
    concerns: (tenant) => named.has(tenant),
    key: configKey,
    decode: decodeConfigVersions,
    isOurs: (tenant, version) => version?.id === configIdOf(named.get(tenant)!.config),
    entry(tenant, over) {
      const entry = configEntry(named.get(tenant)!.config, over?.id ?? null)
      return { id: entry.id, bytes: encodeConfigEntry(entry), says: entry.config }
    },
    saysOf: ({ config }) => config,
  }
}
