import { type ConfigVersion, defaultTenantConfig, propose } from '@deskpulse/core/config'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Standing, standingAmong, type Version } from './standing.ts'

const version = (id: string, fromMs = 0): Version => ({ id, fromMs })
const look = (before: Standing, ...versions: readonly Version[]): Standing =>
  standingAmong(before, versions, (one) => one?.id === 'ours')
const proposedOver = (over: Version | null): Standing => ({ kind: 'proposed', over })
const [ours, theirs, older] = [version('ours', 1), version('theirs', 2), version('older')]

test.each<{ rule: string; before: Standing; versions: readonly Version[]; after: Standing }>([
  {
    rule: 'what is current needs nothing',
    before: { kind: 'unknown' },
    versions: [ours],
    after: { kind: 'current' },
  },
  {
    rule: 'without a version it is proposed over none',
    before: { kind: 'unknown' },
    versions: [],
    after: proposedOver(null),
  },
  {
    rule: 'at a start it is proposed over whatever is there',
    before: { kind: 'unknown' },
    versions: [ours, theirs],
    after: proposedOver(theirs),
  },
  {
    rule: 'what lost is proposed over what won',
    before: proposedOver(older),
    versions: [older, theirs],
    after: proposedOver(theirs),
  },
  {
    rule: 'what was taken and replaced stays so',
    before: proposedOver(null),
    versions: [ours, theirs],
    after: { kind: 'replaced', by: theirs },
  },
  {
    rule: 'an earlier time of being current is not this one',
    before: proposedOver(theirs),
    versions: [ours, theirs, older],
    after: proposedOver(older),
  },
  {
    rule: 'what was current and was replaced stays so',
    before: { kind: 'current' },
    versions: [ours, theirs],
    after: { kind: 'replaced', by: theirs },
  },
  {
    rule: 'what a store no longer lists is proposed again',
    before: { kind: 'current' },
    versions: [older],
    after: proposedOver(older),
  },
  {
    rule: 'the same content from another instant on is another version',
    before: proposedOver(theirs),
    versions: [theirs, older, version('theirs', 3)],
    after: proposedOver(version('theirs', 3)),
  },
  {
    rule: 'what replaced it may be withdrawn',
    before: { kind: 'replaced', by: theirs },
    versions: [ours, theirs, version('ours', 3)],
    after: { kind: 'current' },
  },
])('$rule', ({ before, versions, after }) => {
  expect(look(before, ...versions)).toEqual(after)
})

test('what has not changed is the same standing, so that nothing is proposed twice', () => {
  for (const [before, versions] of [
    [proposedOver(null), []],
    [proposedOver(theirs), [ours, theirs]],
    [{ kind: 'current' }, [theirs, ours]],
    [{ kind: 'replaced', by: theirs }, [ours, theirs]],
  ] as const)
    expect(look(before, ...versions)).toBe(before)
})

/** Processes with files of their own over one log, and a store that is behind it, is put back and catches up. */
test('whatever the store shows meanwhile, one file is in force in the end, each process says how its own stands, and nobody fights', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('look' as const), who: fc.nat(2) }),
    fc.record({ kind: fc.constant('restart' as const), who: fc.nat(2) }),
    fc.record({ kind: fc.constant('fold' as const), upTo: fc.nat(20) }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('A', 'B', 'C'), { minLength: 3, maxLength: 3 }),
      fc.array(step, { maxLength: 40 }),
      (files, steps) => {
        const log: { id: string; predecessor: string | null }[] = [{ id: 'A', predecessor: null }]
        let folded = 0
        const stored = (): readonly ConfigVersion[] =>
          log
            .slice(0, folded)
            .reduce<readonly ConfigVersion[]>((versions, { id, predecessor }, at) => {
              const outcome = propose(
                versions,
                { id, predecessor, config: defaultTenantConfig },
                at,
              )
              return outcome.kind === 'taken' ? outcome.versions : versions
            }, [])
        const standings: Standing[] = files.map(() => ({ kind: 'unknown' }))
        const lookBy = (who: number): void => {
          const before = standings[who]!
          const after = standingAmong(before, stored(), (one) => one?.id === files[who])
          if (after !== before && after.kind === 'proposed')
            log.push({ id: files[who]!, predecessor: after.over?.id ?? null })
          standings[who] = after
        }
        for (const next of steps) {
          if (next.kind === 'look') lookBy(next.who)
          else if (next.kind === 'restart') standings[next.who] = { kind: 'unknown' }
          else folded = Math.min(next.upTo, log.length)
        }
        for (let round = 0; round < 10; round += 1) {
          for (const who of files.keys()) {
            folded = log.length
            lookBy(who)
          }
        }
        const current = stored().at(-1)!.id
        const length = log.length
        for (const who of files.keys()) lookBy(who)
        expect(log).toHaveLength(length)
        expect(files).toContain(current)
        for (const [who, file] of files.entries()) {
          if (file === current) expect(standings[who]).toEqual({ kind: 'current' })
          else expect(standings[who]).toMatchObject({ kind: 'replaced', by: { id: current } })
        }
      },
    ),
    { numRuns: 2_000 },
  )
})
