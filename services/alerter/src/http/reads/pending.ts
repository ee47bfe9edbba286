import { alertIdOf, type AlertResponse, formatTime } from '@deskpulse/contract'
import {
  statisticUnit,
  type WindowedRule,
  type WindowState,
  windowSubject,
} from '@deskpulse/core/alerts'
import { catalogueOf } from '@deskpulse/core/kpis'
import type { StateStore } from '@deskpulse/stream'
import { decodeWindows } from '../../book/evaluate/windows-state.ts'
import { windowsKey } from '../../book/keys.ts'
import type { Tenant } from '../tenant.ts'
import { textOf } from './alert-view.ts'

type Pending = Extract<WindowState, { phase: 'pending' }>

/** Windowed rules that are beyond their threshold for less than their `for`, those first that began last. Their ids are those that they will fire with. */
export async function readPending(
  store: Pick<StateStore, 'read'>,
  tenant: Tenant,
): Promise<readonly AlertResponse[]> {
  const { values } = await store.read(tenant.partition, { keys: [windowsKey(tenant.name)] })
  const [bytes] = values
  if (!bytes) return []
  const pending = Object.values(decodeWindows(bytes).entries).flatMap(
    ({ rule: name, slice, state }) => {
      const rule = tenant.rules.find(
        (one): one is WindowedRule => one.name === name && one.kind === 'windowed',
      )
      return rule === undefined || state.phase !== 'pending'
        ? []
        : [pendingView(tenant, rule, slice, state)]
    },
  )
  return pending.toSorted((a, b) => (a.since < b.since ? 1 : -1))
}

function pendingView(
  tenant: Tenant,
  rule: WindowedRule,
  slice: string,
  { number, sinceMs }: Pending,
): AlertResponse {
  const { kind, severity, kpi, threshold: limit, labels } = rule
  const subject = windowSubject(slice)
  const found = catalogueOf(tenant.config).byId(kpi)
  const unit = found === undefined ? 'count' : statisticUnit(found, rule.statistic)
  const key = { tenant: tenant.name, rule: rule.name, subject, number: number + 1 }
  const facts = { kind, severity, slice, kpi, value: null, limit, unit, labels } as const
  const times = {
    sinceMs,
    startedMs: sinceMs,
    detectedMs: sinceMs,
    endedMs: null,
    end: null,
    late: false,
    status: 'firing',
  } as const
  return {
    alertId: alertIdOf(key),
    ...{ tenant: tenant.name, rule: rule.name, subject, ...facts, status: 'pending' },
    ...{ contactId: null, agentId: null, state: null, channel: null },
    ...{
      since: formatTime(sinceMs),
      startedAt: null,
      endedAt: null,
      late: false,
      retracted: false,
      withdrawn: false,
    },
    text: textOf({ ...key, ...facts, ...times }, tenant),
    ...{ acknowledgement: null, silencedBy: [], told: null },
  }
}
