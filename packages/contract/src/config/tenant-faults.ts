import type { TenantConfig } from '@deskpulse/core/config'
import { calendarFaults } from './calendar-faults.ts'
import { type Fault, oneOf, repeatedAt, under } from './fault.ts'
import { presetDates, presetNames } from './presets.ts'
import { pseudonymiseFaults } from './pseudonymise.ts'
import { type IsSure, type Readable, sureBelow } from './readable.ts'
import { scoreCardFaults } from './score-card-faults.ts'
import { targetFaults } from './targets.ts'
import { tenantConfigOf, type TenantInput } from './tenant.ts'

/** What decides which KPIs and slices a tenant has, as far as it can be read. */
export function outlineOf(tenant: Readable<TenantInput>, isSure: IsSure): TenantConfig {
  const { preset, thresholds, slices } = tenant as TenantInput // Only what is sure is looked at.
  return tenantConfigOf({
    ...(isSure('preset') && { preset }),
    ...(isSure('thresholds') && { thresholds }),
    ...(isSure('slices') && { slices }),
  })
}

/** What is wrong between the keys of a tenant. */
export function tenantFaults(tenant: Readable<TenantInput>, isSure: IsSure): Fault[] {
  const { thresholds = [], limitOverrides = [], targets = [], scoreCards = [] } = tenant
  const context = { config: outlineOf(tenant, isSure), isSure }
  const lengths = thresholds.map((ms) => (ms === undefined ? null : String(ms)))
  const scopes = limitOverrides.map((override = {}, at) => {
    const { queue = null, channel = null, priority = null } = override
    const isRead = ['queue', 'channel', 'priority'].every((key) =>
      isSure('limitOverrides', at, key),
    )
    return isRead ? JSON.stringify([queue, channel, priority]) : null
  })
  return [
    ...presetFaults(tenant as TenantInput, isSure),
    ...repeatedAt(lengths).map((at) => ({
      path: ['thresholds', at],
      expected: 'a threshold that no other is',
    })),
    ...repeatedAt(scopes).map((at) => ({
      path: ['limitOverrides', at],
      expected: 'a queue, channel and priority that no other override has',
    })),
    ...under(['targets'], targetFaults(targets, context)),
    ...under(['scoreCards'], scoreCardFaults(scoreCards, context)),
    ...calendarFaults(tenant, isSure),
    ...(tenant.pseudonymise === undefined
      ? []
      : under(
          ['pseudonymise'],
          pseudonymiseFaults(tenant.pseudonymise, sureBelow(isSure, 'pseudonymise')),
        )),
  ]
}

/** A preset that nobody made, or a date on which it has no version. */
function presetFaults({ preset }: TenantInput, isSure: IsSure): Fault[] {
  if (preset === undefined || !isSure('preset')) return []
  const isName = typeof preset === 'string'
  const name = isName ? preset : preset.name
  const dates = presetDates(name)
  if (dates.length === 0)
    return [
      { path: isName ? ['preset'] : ['preset', 'name'], ...oneOf('a preset', name, presetNames) },
    ]
  if (isName || dates.includes(preset.date)) return []
  const expected = `the date of a version of ${name}, in quotes: ${dates.join(', ')}`
  return [{ path: ['preset', 'date'], expected }]
}

/** Nobody can hide customer ids under a key that is not there. */
export function keyFaults(tenant: Readable<TenantInput>, isSure: IsSure): Fault[] {
  const isKnown = tenant.pseudonymise !== undefined || tenant.customersArePseudonyms === true
  if (isKnown || !isSure('pseudonymise') || !isSure('customersArePseudonyms')) return []
  return [
    {
      path: ['pseudonymise', 'key'],
      expected: 'a secret of at least 16 characters, or customersArePseudonyms: true',
    },
  ]
}
