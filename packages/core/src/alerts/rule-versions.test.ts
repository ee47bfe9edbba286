import { describe, expect, test } from 'vitest'
import { contactRule } from './alert.test-support.ts'
import { effectiveRules } from './effective-rules.ts'
import { proposeRules, ruleVersionsMax, type RuleProposal } from './propose-rules.ts'
import type { RuleVersion } from './rule.ts'
import { shippedRules } from './shipped-rules.ts'

const proposal = (
  id: string,
  predecessor: string | null,
  parts: Partial<RuleProposal> = {},
): RuleProposal => ({
  id,
  predecessor,
  origin: 'api',
  author: 'mei',
  base: [],
  own: [],
  ...parts,
})

function taken(
  versions: readonly RuleVersion[],
  proposed: RuleProposal,
  logTimeMs: number,
): readonly RuleVersion[] {
  const outcome = proposeRules(versions, proposed, logTimeMs)
  if (outcome.kind !== 'taken') throw new Error(outcome.kind)
  return outcome.versions
}

describe('proposed rules', () => {
  const first = taken([], proposal('v1', null), 1_000)

  test('are in force from their entry on, and say who asked for them', () => {
    expect(first).toEqual([
      { id: 'v1', fromMs: 1_000, origin: 'api', author: 'mei', base: [], own: [] },
    ])
  })

  test('that name the current version as their predecessor are taken', () => {
    expect(taken(first, proposal('v2', 'v1'), 2_000).map(({ id, fromMs }) => [id, fromMs])).toEqual(
      [
        ['v1', 1_000],
        ['v2', 2_000],
      ],
    )
  })

  test.each<
    [rule: string, versions: readonly RuleVersion[], proposed: RuleProposal, outcome: object]
  >([
    ['that are in force already are known', first, proposal('v1', null), { kind: 'known' }],
    [
      'that name another predecessor are a conflict',
      first,
      proposal('v2', null),
      { kind: 'conflict', current: 'v1' },
    ],
    [
      'that name a predecessor where there is none are a conflict',
      [],
      proposal('v2', 'v1'),
      { kind: 'conflict', current: null },
    ],
  ])('%s', (_rule, versions, proposed, outcome) => {
    expect(proposeRules(versions, proposed, 2_000)).toEqual(outcome)
  })

  test('keep the last versions alone', () => {
    let versions: readonly RuleVersion[] = []
    for (let number = 1; number <= ruleVersionsMax + 5; number += 1) {
      versions = taken(
        versions,
        proposal(`v${number}`, number === 1 ? null : `v${number - 1}`),
        number,
      )
    }
    expect(versions).toHaveLength(ruleVersionsMax)
    expect([versions[0]!.id, versions.at(-1)!.id]).toEqual(['v6', 'v25'])
  })
})

describe('the rules in force', () => {
  const changed = contactRule('customer-waiting', { limitMs: 60_000 })
  const added = contactRule('vip-waiting')
  const versions = taken(
    [],
    proposal('v1', null, { base: shippedRules, own: [changed, added] }),
    1_000,
  )

  test('are the shipped ones where nobody said anything', () => {
    expect(effectiveRules([])).toBe(shippedRules)
  })

  test('are the installation’s, replaced by name and added to by the tenant’s own', () => {
    expect(effectiveRules(versions)).toEqual([changed, ...shippedRules.slice(1), added])
  })

  test('are those of the last version', () => {
    expect(effectiveRules(taken(versions, proposal('v2', 'v1', { base: [added] }), 2_000))).toEqual(
      [added],
    )
  })

  test('are none where the last version says so', () => {
    expect(effectiveRules(taken(versions, proposal('v2', 'v1'), 2_000))).toEqual([])
  })

  test('are the same array for the same versions: what is made of them is made once', () => {
    expect(effectiveRules(versions)).toBe(effectiveRules(versions))
  })
})
