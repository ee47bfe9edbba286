import { shippedRules, type WeeklyHours, type WindowedRule } from '@deskpulse/core/alerts'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import { catalogueOf } from '@deskpulse/core/kpis'
import { keepsSlice } from '@deskpulse/core/measures'
import type * as z from 'zod'
import { tellable } from '../endpoint.ts'
import { didYouMean, type Fault, repeatedAt, under } from '../fault.ts'
import { type IsSure, type Readable, sureBelow } from '../readable.ts'
import { secondsOfThresholdKpi } from '../threshold-kpi.ts'
import { strangeNames, type Made, makeRule, type RuleContext } from './complete-rule.ts'
import { accessFaults, secretFaults, toldFaults } from './endpoint-schema.ts'
import type { alertsSchema, RuleInput } from './schema.ts'
import { askedSlice } from './windowed-rule.ts'

export type Installation = {
  /** As far as their KPIs and slices can be read; `null`: they cannot, of one tenant or of all. */
  readonly tenants: ReadonlyMap<string, TenantConfig | null> | null
  /** Tenants that the file does not name: they have the defaults. */
  readonly isOpen: boolean
  /** Tenants that there are, though the file does not name them. */
  readonly tenantsBeside: readonly string[]
}

type Alerts = Readable<z.output<typeof alertsSchema>>

/** What is wrong between the keys of the block `alerts`, and with what it says of tenants. */
export function alertsFaults(
  { endpoints = unreadable, rules = [] }: Alerts,
  installation: Installation,
  isSure: IsSure,
): Fault[] {
  return [
    ...endpoints.flatMap((endpoint, at) =>
      endpoint === undefined
        ? []
        : under(
            ['endpoints', at],
            [
              ...secretFaults(endpoint),
              ...accessFaults(endpoint),
              ...toldFaults(endpoint, sureBelow(isSure, 'endpoints', at)),
            ],
          ),
    ),
    ...endpoints.flatMap((endpoint, at) =>
      under(['endpoints', at, 'tenants'], strangeTenants(endpoint?.tenants ?? [], installation)),
    ),
    ...repeatedNames('endpoints', endpoints),
    ...rules.flatMap((rule, at) =>
      rule === undefined
        ? []
        : under(['rules', at], ruleFaults(rule, sureBelow(isSure, 'rules', at))),
    ),
    ...repeatedNames('rules', rules),
    ...strangeEndpoints(endpoints, rules),
    ...under(['rules'], unansweredFaults(rules, installation, sureBelow(isSure, 'rules'))),
  ]
}

/** A list that cannot be read: any endpoint may be in it. */
const unreadable = [undefined]

type Named = { readonly name?: string | undefined } | undefined

function repeatedNames(list: string, all: readonly Named[]): Fault[] {
  const names = all.map((one) => one?.name ?? null)
  return repeatedAt(names).map((at) => ({
    path: [list, at, 'name'],
    expected: 'a name that no other has',
  }))
}

function strangeEndpoints(
  endpoints: NonNullable<Alerts['endpoints']>,
  rules: NonNullable<Alerts['rules']>,
): Fault[] {
  if (endpoints.some((endpoint) => endpoint?.name === undefined || endpoint.kind === undefined))
    return [] // The one that cannot be read may be meant.
  const known = tellable(endpoints.flatMap((endpoint) => endpoint ?? [])).flatMap(
    ({ name }) => name ?? [],
  )
  return rules.flatMap((rule, at) =>
    strangeNames(rule ?? {}, known).map(({ path, ...wanted }) => ({
      path: ['rules', at, ...path],
      ...wanted,
    })),
  )
}

/** Tenants that an endpoint names and that there are not. */
function strangeTenants(
  names: readonly (string | undefined)[],
  { tenants, tenantsBeside }: Installation,
): Fault[] {
  if (tenants === null) return []
  const known = [...tenants.keys(), ...tenantsBeside]
  return names.flatMap((name, at) => {
    if (name === undefined || known.includes(name)) return []
    return [
      {
        path: [at],
        expected: 'the name of a tenant',
        hint: 'name it under tenants',
        ...didYouMean(name, known),
      },
    ]
  })
}

const shippedNames = shippedRules.map(({ name }) => name)

/** Whatever some tenant could have: which ones there are is known when the whole file is. */
export function anyTenant(
  { kpi = '', statistic = '' }: RuleInput,
  hours: WeeklyHours | null,
): RuleContext {
  const own = secondsOfThresholdKpi(`${kpi} ${statistic}`)
  const thresholdsSeconds = [
    ...defaultTenantConfig.thresholdsSeconds,
    ...(own === null ? [] : [own]),
  ]
  return {
    catalogue: catalogueOf({ thresholdsSeconds }),
    keeps: () => true,
    hours,
    names: shippedNames,
    endpoints: null,
  }
}

/** What can be read of a rule, made as a rule by itself. */
function madeOf(rule: Readable<RuleInput>, isSure: IsSure): Made & { readonly input: RuleInput } {
  const members = Object.entries(rule).map(([member, value]) => {
    const isList = Array.isArray(value)
    return [member, isList ? (value as unknown[]).filter((one) => one !== undefined) : value]
  })
  const { name = '', hours, ...others } = Object.fromEntries(members) as Partial<RuleInput>
  const input = { name, ...others, ...(isSure('hours') && { hours }) } // Half a stretch of hours is none.
  const existing = shippedRules.find((one) => one.name === name)
  return { ...makeRule(input, existing, anyTenant(input, null)), input }
}

/** What a rule that lacks a member may have said elsewhere. */
const saidElsewhere: Readonly<Record<string, string>> = { kind: 'name', kpi: 'statistic' }

/** All that is wrong with a rule of the file by itself. */
function ruleFaults(rule: Readable<RuleInput>, isSure: IsSure): readonly Fault[] {
  return madeOf(rule, isSure).faults.flatMap(({ got, ...fault }) => {
    const elsewhere = saidElsewhere[String(fault.path[0])]
    return got !== 'missing' || elsewhere === undefined || isSure(elsewhere) ? [fault] : []
  })
}

/** KPIs and slices that windowed rules ask for and no tenant has. */
function unansweredFaults(
  rules: readonly (Readable<RuleInput> | undefined)[],
  { tenants, isOpen }: Installation,
  isSure: IsSure,
): Fault[] {
  const named = tenants === null ? [null] : [...tenants.values()]
  const configs = named.flatMap((config) => config ?? [])
  if (configs.length < named.length) return [] // Nobody knows what that tenant has.
  if (isOpen || named.length === 0) configs.push(defaultTenantConfig)
  return rules.flatMap((said, at) => {
    if (said === undefined) return []
    const { rule, input } = madeOf(said, sureBelow(isSure, at))
    if (rule === null || !rule.enabled || rule.kind !== 'windowed') return []
    return under([at], unanswered(rule, input.kpi !== undefined, configs))
  })
}

function unanswered(
  rule: WindowedRule,
  saysKpi: boolean,
  configs: readonly TenantConfig[],
): Fault[] {
  const slice = askedSlice(rule.slice)?.slice ?? []
  const faults: Fault[] = []
  if (!configs.some((config) => catalogueOf(config).byId(rule.kpi) !== undefined)) {
    const known = configs.flatMap((config) => catalogueOf(config).kpis.map(({ id }) => id))
    const path = [saysKpi ? 'kpi' : 'statistic']
    const near = didYouMean(rule.kpi, known)
    faults.push({ path, expected: 'a KPI of some tenant', ...near, code: 'unknown-kpi' })
  }
  if (!configs.some((config) => keepsSlice(slice, config)))
    faults.push({ path: ['slice'], expected: 'a slice that some tenant keeps' })
  return faults
}
