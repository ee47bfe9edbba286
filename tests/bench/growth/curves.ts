import {
  defaultTenantConfig,
  type ConfiguredDimension,
  type TenantConfig,
} from '@deskpulse/core/config'
import type { OpenCase } from '../cases/case.ts'
import { openContacts } from '../cases/open-contacts.ts'
import { centersFold } from './centers-fold.ts'

/** How the cost of an event changes while one thing grows and all else stays. */
export type Curve = {
  readonly title: string
  /** What grows. */
  readonly axis: string
  /** What stays. */
  readonly beside: string
  readonly at: readonly number[]
  /** Whether an event is to cost the same, within a fifth, wherever on the curve it is. */
  readonly isFlat: boolean
  readonly open: (at: number) => OpenCase
}

/** At 10,000 events a second, 40 ms of events. */
const partitionsStep = 408
const partitionsTenants = 12

export const curves = {
  partitions: {
    title: 'Partitions at one rate',
    axis: 'partitions in one process',
    beside:
      '12 tenants with 288 agents; each commit of a partition holds what of 408 events is in it: 408 events with 1, 34 with 12',
    at: [1, 3, 6, 12],
    isFlat: true,
    open: (partitions) =>
      centersFold({
        partitions,
        tenants: partitionsTenants,
        agents: 288,
        eventsPerStep: partitionsStep,
      }),
  },
  agents: {
    title: 'Agents of a tenant',
    axis: 'agents on shift',
    beside: '1 tenant, 100 events a commit; contacts come in proportion to agents',
    at: [10, 50, 200, 1_000, 2_000],
    isFlat: true,
    open: (agents) => centersFold({ agents }),
  },
  tenants: {
    title: 'Tenants in one partition',
    axis: 'tenants',
    beside: '400 agents over all tenants, 100 events a commit',
    at: [1, 20, 200],
    isFlat: true,
    open: (tenants) => centersFold({ tenants, agents: 400 }),
  },
  slices: {
    title: 'Slices of a fact',
    axis: 'kinds of slices kept (6 by default)',
    beside:
      '1 tenant with 200 agents, 100 events a commit; what is kept beside the whole: queues; the default; topics and all pairs, too',
    at: [1, 6, 15],
    isFlat: false,
    open: (kinds) => centersFold({ config: keeping(kinds) }),
  },
  'open-contacts': {
    title: 'Open contacts',
    axis: 'open contacts',
    beside:
      'messages of open contacts in turn, each contact once in 50 s, 50 contacts an agent, 100 messages a commit',
    at: [1_000, 10_000, 30_000, 100_000],
    isFlat: false,
    open: (contacts) => openContacts(() => contacts),
  },
} as const satisfies Readonly<Record<string, Curve>>

export type CurveName = keyof typeof curves
export const curveNames = Object.keys(curves) as CurveName[]
export const isCurveName = (name: string): name is CurveName => Object.hasOwn(curves, name)
export const curveOf = (name: CurveName): Curve => curves[name]

export const pointName = (curve: CurveName, at: number): string => `${curve}-${at}`

/** Of a name as `agents-2000`, any number; `null`: there is no such curve. */
export function pointOf(name: string): OpenCase | null {
  const { curve = '', at } = /^(?<curve>.+)-(?<at>[1-9]\d*)$/.exec(name)?.groups ?? {}
  return isCurveName(curve) ? curveOf(curve).open(Number(at)) : null
}

const simulatedDimensions = [
  'queue',
  'agent',
  'channel',
  'class',
  'topic',
] as const satisfies readonly ConfiguredDimension[]
const topics = [
  'invoice',
  'refund',
  'payment',
  'delivery',
  'return',
  'stock',
  'login',
  'setup',
  'outage',
]

/** A configuration with the first `count` kinds of slices: queues alone, then up to all that is kept by default, then what simulated events have besides. */
export function keeping(count: number): TenantConfig {
  const usual = defaultTenantConfig.slices
  const pairs = simulatedDimensions.flatMap((one, at) =>
    simulatedDimensions.slice(at + 1).map((other) => [one, other] as const),
  )
  const kinds = [
    ...usual.dimensions.map((dimension) => [dimension]),
    ...usual.pairs,
    ['topic'],
    ...pairs,
  ] as (readonly ConfiguredDimension[])[]
  const byName = new Map(kinds.map((kind) => [kind.join(), kind]))
  const kept = [...byName.values()].slice(0, count)
  return {
    ...defaultTenantConfig,
    slices: {
      dimensions: kept.flatMap((kind) => (kind.length === 1 ? kind : [])),
      pairs: kept.flatMap(([one, other]) => (other === undefined ? [] : [[one!, other] as const])),
      values: { topic: topics },
    },
  }
}
