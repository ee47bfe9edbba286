import { type AlertCommand, alertIdOf, decodeAlertRecord, type Notice } from '@deskpulse/contract'
import type { AlertTransition } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import type { Group } from '../../partition/testing/group.ts'
import type { VirtualClock } from '../../delivery/testing/virtual-clock.ts'

export const tenant = 'acme'

type Told = { readonly endpoint: string; readonly notice: Notice }

/** What folds and people say on the topic of alerts, and what the alert book says to endpoints. */
export function talkOn(group: Group, clock: VirtualClock) {
  /** Each notice once, however often it was published, in the order in which they came. */
  function notices(): readonly Told[] {
    const known = new Map<string, Told>()
    for (const { value } of group.records) {
      const record = decodeAlertRecord(value!)
      if (record.kind !== 'notice') continue
      const { endpoint, notice } = record
      known.set([endpoint, notice.alertId, notice.status, notice.repeat].join('/'), {
        endpoint,
        notice,
      })
    }
    return [...known.values()]
  }

  const inShort = ({ endpoint, notice }: Told): string =>
    `${endpoint} ${notice.status} ${notice.repeat} ${notice.rule}/${notice.subject}`

  return {
    notices,
    /** As `summary`, of each notice as often as it was published. */
    published: () =>
      group.records.flatMap(({ value }) => {
        const record = decodeAlertRecord(value!)
        return record.kind === 'notice' ? inShort(record) : []
      }),
    /** `floor firing 0 customer-waiting/contact/c-1`. */
    summary: () => notices().map(inShort),
    begin(change: Partial<AlertTransition> = {}): AlertTransition {
      const transition = waiting(clock.nowMs(), change)
      group.append({ kind: 'transition', transition })
      return transition
    },
    end(begun: AlertTransition, change: Partial<AlertTransition> = {}): void {
      const nowMs = clock.nowMs()
      const over = {
        ...begun,
        status: 'resolved',
        endedMs: nowMs,
        end: 'over',
        detectedMs: nowMs,
        ...change,
      } as const
      group.append({ kind: 'transition', transition: over })
    },
    command(command: CommandBody): void {
      const base = { id: `k${group.records.length}`, author: 'ann', atMs: clock.nowMs() }
      group.append({ kind: 'command', command: { ...base, ...command } })
    },
  }
}

type Body<Kind extends AlertCommand['kind']> = Omit<
  Extract<AlertCommand, { readonly kind: Kind }>,
  'id' | 'author' | 'atMs'
>
type CommandBody = Body<'acknowledge'> | Body<'silence'> | Body<'unsilence'>

/** A contact that waits for a reply, over its limit from now on. */
export function waiting(nowMs: EpochMs, change: Partial<AlertTransition> = {}): AlertTransition {
  return {
    ...{
      tenant,
      rule: 'customer-waiting',
      subject: 'contact/c-1',
      number: 1,
      kind: 'deadline',
      severity: 'warning',
    },
    ...{
      slice: 'queue=billing',
      contactId: 'c-1',
      kpi: null,
      value: 30_000,
      limit: 30_000,
      unit: 'ms',
      labels: {},
    },
    ...{
      status: 'firing',
      sinceMs: (nowMs - 30_000) as EpochMs,
      startedMs: nowMs,
      endedMs: null,
      end: null,
      detectedMs: nowMs,
      late: false,
    },
    ...change,
  }
}

export const idOf = (transition: AlertTransition): string => alertIdOf(transition)
