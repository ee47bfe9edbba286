import {
  type AlertRulesEntry,
  alertRulesEntry,
  canonicalJson,
  decodeRuleVersions,
  encodeAlertRulesEntry,
  entryKinds,
} from '@deskpulse/contract'
import { type AlertRule, rulesKey, type RuleVersion, shippedRules } from '@deskpulse/core'
import { type FrameWriter, partitionOf, type StateStore, type Timer } from '@deskpulse/stream'
import { seenTenants, type TenantDirectory } from '../intake/tenants.ts'

export type RulesDeps = {
  readonly store: Pick<StateStore, 'read'>
  readonly writer: Pick<FrameWriter, 'append'>
  readonly partitions: number
  readonly tenants: TenantDirectory
  /** What the installation says: the shipped rules, changed and added to by its file. */
  readonly base: readonly AlertRule[]
  readonly timer: Timer
  /** Told when it could not be found out what a tenant has: it is tried again. */
  readonly onFailure: (error: unknown, tenant: string) => void
}

/**
 * Keeps the installation's part of every tenant's alert rules what the file says; what its users say stays. A proposal that lost against a change of
 * theirs is made again; one that comes twice, from another process or after a restart, is no change.
 */
export type RulesProposer = {
  /** For the tenants that the file names and those that the store has seen. Returns those that something was proposed for. */
  propose(): Promise<readonly string[]>
  /** An event of the tenant was taken in: at the first one of a tenant that was not seen before, its rules are looked at, beside what goes on. */
  seen(tenant: string): void
  /** Returns when nothing is under way. */
  stop(): Promise<void>
}

/** How soon it is looked whether a proposal was taken. */
const lookAgainMs = 15_000

/** What has to be proposed over the versions that there are; `null`: they have that base already. */
export function proposalFor(versions: readonly RuleVersion[], base: readonly AlertRule[]): AlertRulesEntry | null {
  const current = versions.at(-1)
  if (canonicalJson(current?.base ?? shippedRules) === canonicalJson(base)) return null
  return alertRulesEntry({ predecessor: current?.id ?? null, origin: 'file', author: null, base, own: current?.own ?? [] })
}

export function rulesProposer(deps: RulesDeps): RulesProposer {
  const { store, writer, partitions, tenants, base, timer, onFailure } = deps
  const known = new Set(tenants.named.keys())
  /** What was proposed and is not in the store yet: the predecessor that was named. */
  const proposedOver = new Map<string, string | null>()
  /** Tenants whose rules are to be looked at again: proposed, or not to be found out. */
  const open = new Set<string>()
  const underWay = new Set<Promise<void>>()
  let callOff = (): void => {}
  let isStopping = false

  async function versionsOf(tenant: string): Promise<readonly RuleVersion[]> {
    const { values } = await store.read(partitionOf(tenant, partitions), { keys: [rulesKey(tenant)], open: [] })
    return values[0] ? decodeRuleVersions(values[0]) : []
  }

  /** Nothing is proposed twice over the same version: it is on its way, and the fold is behind. */
  async function proposeFor(tenant: string): Promise<boolean> {
    open.add(tenant)
    const proposal = proposalFor(await versionsOf(tenant), base)
    if (proposal === null) {
      open.delete(tenant)
      proposedOver.delete(tenant)
      return false
    }
    if (proposedOver.get(tenant) === proposal.predecessor) return false
    await writer.append(tenant, entryKinds.alertRules, encodeAlertRulesEntry(proposal))
    proposedOver.set(tenant, proposal.predecessor)
    return true
  }

  function beside(tenant: string): void {
    const done = proposeFor(tenant)
      .then(
        () => {},
        (error: unknown) => onFailure(error, tenant),
      )
      .finally(() => {
        underWay.delete(done)
        lookAgain()
      })
    underWay.add(done)
  }

  function lookAgain(): void {
    callOff()
    if (isStopping || open.size === 0) return
    callOff = timer.after(lookAgainMs, () => open.forEach(beside))
  }

  return {
    async propose() {
      for (const tenant of await seenTenants(store, partitions)) if (tenants.accepts(tenant)) known.add(tenant)
      const proposed: string[] = []
      for (const tenant of known) if (await proposeFor(tenant)) proposed.push(tenant)
      lookAgain()
      return proposed
    },
    seen(tenant) {
      if (known.has(tenant) || isStopping) return
      known.add(tenant)
      beside(tenant)
    },
    async stop() {
      isStopping = true
      callOff()
      await Promise.all(underWay)
    },
  }
}
