import { describe, expect, test } from 'vitest'
import { forPeers } from './requirements.js'
import { planOf, type Machine } from './system.js'

const java = {
  what: 'Java 17',
  present: () => false,
  packages: ['openjdk-21-jre-headless', 'openjdk-17-jre-headless'],
}
const redis = { what: 'Redis', present: () => false, packages: ['redis-server'] }
const browser = {
  what: 'Chromium',
  present: () => false,
  packages: [],
  command: ['playwright', 'install', 'chromium'],
}

/** Debian 12 knows Java 17, not 21. */
const machine: Machine = {
  debianLike: true,
  root: true,
  knows: (name) => name !== 'openjdk-21-jre-headless',
}

describe('what is missing', () => {
  test('is installed as root on Debian, by the first name that the release knows', () => {
    expect(planOf([redis, java, browser], machine)).toEqual({
      kind: 'install',
      what: 'Redis, Java 17, Chromium',
      byApt: ['redis-server', 'openjdk-17-jre-headless'],
      own: [['playwright', 'install', 'chromium']],
    })
  })

  test('is named with its exact command to others', () => {
    const plan = planOf([redis, java, browser], { ...machine, root: false })
    expect(plan).toEqual({
      kind: 'refuse',
      message:
        'missing: Redis, Java 17, Chromium. Run:\n' +
        '  sudo apt-get install -y redis-server openjdk-17-jre-headless\n' +
        '  sudo playwright install chromium',
    })
  })

  test('is never installed on another system, where the names may differ', () => {
    const plan = planOf([redis], { ...machine, debianLike: false, knows: () => false })
    expect(plan).toMatchObject({
      kind: 'refuse',
      message: expect.stringContaining(
        'on Debian or Ubuntu:\n  sudo apt-get install -y redis-server',
      ),
    })
  })

  test('of what builds a peer of the bench is named as well', () => {
    const plan = planOf(forPeers, {
      ...machine,
      root: false,
      knows: (name) => name !== 'openjdk-21-jdk-headless',
    })
    expect(plan).toMatchObject({
      kind: 'refuse',
      message: expect.stringContaining(
        'missing: JDK 17, Maven. Run:\n  sudo apt-get install -y openjdk-17-jdk-headless maven',
      ),
    })
  })

  test('may be nothing', () => {
    expect(planOf([], { ...machine, root: false })).toEqual({ kind: 'nothing' })
  })
})
