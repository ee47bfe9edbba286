import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { RenewedAlerts } from './renewed-alerts.ts'

const at = (ms: number): EpochMs => ms as EpochMs
const alert = (alertId: string, renewedMs: number) => ({
  ref: {
    alertId,
    status: 'firing',
    repeat: 0,
    tenant: 'acme',
    rule: 'r',
    severity: 'info',
    retracted: false,
    summary: null,
  } as const,
  ...{ renewedMs, untilMs: null },
})
const listed = (alerts: RenewedAlerts): readonly (readonly [string, number])[] =>
  [...alerts.inTurn()].map(({ ref, renewedMs }) => [ref.alertId, renewedMs] as const)

function notified(...renewedMs: readonly number[]): RenewedAlerts {
  const alerts = new RenewedAlerts()
  for (const [number, ms] of renewedMs.entries()) alerts.add(alert('abcdef'[number]!, ms))
  return alerts
}

test('who was told longest ago comes first; what is told again goes behind', () => {
  const alerts = notified(10, 20, 30)
  alerts.setRenewed('a', at(40))
  alerts.setRenewed('never', at(50))
  alerts.add(alert('b', 60))
  expect(listed(alerts)).toEqual([
    ['c', 30],
    ['a', 40],
    ['b', 60],
  ])
  alerts.remove('a')
  expect([alerts.size, alerts.get('a'), alerts.get('c')?.renewedMs]).toEqual([2, undefined, 30])
})

test('where nobody knows who heard, all are due, in their order', () => {
  const alerts = notified(10, 20)
  alerts.allDue()
  expect(listed(alerts)).toEqual([
    ['a', 0],
    ['b', 0],
  ])
})

test('a clock that was put back: what was told later than now was told now, and nothing else changes', () => {
  const alerts = notified(10, 20, 30)
  alerts.forgiveClock(at(30))
  expect(listed(alerts).map(([, ms]) => ms)).toEqual([10, 20, 30])
  alerts.forgiveClock(at(15))
  expect(listed(alerts).map(([, ms]) => ms)).toEqual([10, 15, 15])
  alerts.forgiveClock(at(12))
  expect(listed(alerts).map(([, ms]) => ms)).toEqual([10, 12, 12])
})

test('it does so again after each time', () => {
  const alerts = notified(10)
  alerts.forgiveClock(at(5))
  alerts.add(alert('b', 90))
  alerts.forgiveClock(at(20))
  expect(listed(alerts)).toEqual([
    ['a', 5],
    ['b', 20],
  ])
})
