import type * as z from 'zod'
import { tellable } from '../endpoint.ts'
import { type Fault, repeatedAt, under } from '../fault.ts'
import { type IsSure, type Readable, sureBelow } from '../readable.ts'
import { endpointExpected } from './complete-common.ts'
import { heartbeatFaults, secretFaults } from './endpoint-schema.ts'
import { ruleFaults } from './file-rules.ts'
import { type Installation, strangeTenants, unansweredFaults } from './installation.ts'
import type { alertsSchema } from './schema.ts'

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
        : under(['endpoints', at], [...secretFaults(endpoint), ...heartbeatFaults(endpoint)]),
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
    (rule?.endpoints ?? []).flatMap((name, index) => {
      if (name === undefined || known.includes(name)) return []
      return [{ path: ['rules', at, 'endpoints', index], ...endpointExpected(name, known) }]
    }),
  )
}
