import { at } from './alert.test-support.ts'
import type { Told } from './notice.ts'
import { cases, toldFiring } from './notice-cases.test-support.ts'
import { firing, resolved, silence } from './notice.test-support.ts'

const minute = 60_000
const escalating = {
  ...{ endpoints: null, repeatMs: null },
  escalation: { afterMs: 5 * minute, endpoints: ['boss'] },
}
const toldFloor: Told = { status: 'firing', atMs: at(1), repeat: 0, endpoints: ['floor'] }

cases('the second level', [
  {
    rule: 'is told later, and not with all others',
    given: { rule: escalating },
    is: 'floor #0, again at 300',
  },
  {
    rule: 'is told when its time has come, alone, as one more telling',
    given: { rule: escalating, told: toldFloor, nowMs: at(300) },
    is: 'boss #1',
  },
  {
    rule: 'hears no more than others once it was told',
    given: { rule: escalating, told: toldFiring, nowMs: at(9_999) },
    is: 'told',
  },
  {
    rule: 'is not told of what somebody looks after',
    given: {
      rule: escalating,
      told: toldFloor,
      alert: firing({ acknowledged: true }),
      nowMs: at(300),
    },
    is: 'acknowledged',
  },
  {
    rule: 'is told with all others of what is found so late',
    given: { rule: escalating, nowMs: at(300) },
    is: 'floor,boss #0',
  },
  {
    rule: 'leaves the repeats of the others as they are',
    given: {
      rule: { ...escalating, repeatMs: 30 * minute },
      told: toldFloor,
      nowMs: at(300),
    },
    is: 'boss #1, again at 1801',
  },
  {
    rule: 'is told by a rule that tells nobody else',
    given: { rule: { ...escalating, endpoints: [] } },
    is: 'not-due, again at 300',
  },
  {
    rule: 'that is one of the first, too, is told at once',
    given: { rule: { ...escalating, endpoints: ['boss'] } },
    is: 'boss #0',
  },
  {
    rule: 'waits for the end of a silence',
    given: { rule: escalating, told: toldFloor, silences: [silence(0, 400)], nowMs: at(300) },
    is: 'silenced, again at 400',
  },
  {
    rule: 'is told of no end that came before its time',
    given: { rule: escalating, alert: resolved(299), nowMs: at(299) },
    is: 'floor #0',
    isFinal: true,
  },
  {
    rule: 'is told of the end, if it was told of the beginning',
    given: { rule: escalating, told: toldFiring, alert: resolved(400), nowMs: at(400) },
    is: 'floor,boss #0',
    isFinal: true,
  },
])

cases('a warning', [
  {
    rule: 'whose limit did not pass is over like any alert',
    given: {
      rule: { endpoints: null, repeatMs: null, warnsOfMs: 60_000 },
      ...{ told: toldFiring, alert: resolved(30), nowMs: at(30) },
    },
    is: 'floor,boss #0',
    isFinal: true,
  },
  {
    rule: 'whose limit passed leaves the end to the alert of its rule',
    given: {
      rule: { endpoints: null, repeatMs: null, warnsOfMs: 60_000 },
      ...{ told: toldFiring, alert: resolved(31), nowMs: at(31) },
    },
    is: 'limit-passed',
    isFinal: true,
  },
])
