import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FilledProduct, startFilledProduct } from './filled-product.ts'
import {
  type Answers,
  type Asking,
  hasPython,
  installSchemathesis,
  schemathesis,
} from './schemathesis.ts'

const hasTool = await hasPython()
const timeout = 3_600_000 // The long form takes its time.

/** What nobody needs a key for. */
const forAnyone = new Set(['GET /livez', 'GET /readyz', 'GET /boards/{key}', 'DELETE /v1/session'])

/** Of no kind of access: a method that an address has not, and a request line that is too long. */
const beforeAccess = new Set([405, 431])

type Counts = Answers extends ReadonlyMap<string, infer Of> ? Of : never

/** Operations with statuses that are not among those. */
function others(answers: Answers, among: (operation: string, status: number) => boolean): string[] {
  const found: string[] = []
  for (const [operation, counts] of answers)
    for (const status of counts.keys())
      if (!beforeAccess.has(status) && !among(operation, status))
        found.push(`${operation}: ${status}`)
  return found
}

const withPrivate = (answers: Answers): [string, Counts][] =>
  [...answers].filter(([operation]) => !forAnyone.has(operation))

let filled: FilledProduct

async function ask(asking: Pick<Asking, 'key'> & Partial<Asking>): Promise<Answers> {
  const { values, product } = filled
  const { passed, report, answers } = await schemathesis(product.service.url, {
    ...{ isOpen: false, isShort: true, values },
    ...asking,
  })
  const counts = new Map<number, number>()
  for (const [status, count] of [...answers.values()].flatMap((of) => [...of]))
    counts.set(status, (counts.get(status) ?? 0) + count)
  if (process.env['SCHEMATHESIS_EXAMPLES'] !== undefined)
    console.log('answers by status:', Object.fromEntries(counts))
  expect(passed, report).toBe(true)
  expect([...counts.keys()].filter((status) => status >= 500)).toEqual([])
  expect(answers.size).toBeGreaterThan(50)
  expect(product.service.process().err(), 'a line in the log').toBe('')
  return answers
}

describe.skipIf(!hasTool)('Schemathesis, where nobody is asked who they are', () => {
  beforeAll(async () => {
    await installSchemathesis()
    filled = await startFilledProduct('open')
  }, timeout)
  afterAll(() => filled.product[Symbol.asyncDispose]())

  test(
    'finds no answer that the OpenAPI document does not describe, and none that is a defect',
    { timeout },
    async () => {
      const answers = await ask({ key: null, isOpen: true, isShort: false })
      const refused = (status: number): boolean => status === 401 || status === 403
      // Keys are not made where none is needed.
      const makesKeys = /^(?:POST|DELETE) .*\/(?:keys|boards|session)/
      expect(
        others(answers, (operation, status) => !refused(status) || makesKeys.test(operation)),
      ).toEqual([])
    },
  )
})

describe.skipIf(!hasTool)('Schemathesis, where keys are asked for', () => {
  beforeAll(async () => {
    await installSchemathesis()
    filled = await startFilledProduct('keys')
  }, timeout)
  afterAll(() => filled.product[Symbol.asyncDispose]())

  test('without one is refused whatever it asks', { timeout }, async () => {
    const answers = await ask({ key: null })
    expect(
      others(answers, (operation, status) => status === 401 || forAnyone.has(operation)),
    ).toEqual([])
    for (const [operation, counts] of withPrivate(answers))
      expect(counts.get(401), operation).toBeGreaterThan(0)
  })

  test(
    'with one of a tenant finds no defect, and is let to nothing of the installation',
    { timeout },
    async () => {
      const answers = await ask({ key: filled.keys.tenant })
      const ofInstallation = /^\w+ (?:\/metrics|\/v1\/(?:alert-endpoints|keys|audit))/
      expect(
        others(answers, (operation, status) =>
          ofInstallation.test(operation) ? status === 401 || status === 403 : status !== 403,
        ),
      ).toEqual([])
      expect(
        [...answers.keys()].filter((operation) => ofInstallation.test(operation)).length,
      ).toBeGreaterThan(8)
    },
  )

  test('with one of another tenant is answered that there is none', { timeout }, async () => {
    const answers = await ask({
      key: filled.keys.tenant,
      values: { ...filled.values, TENANT: 'globex' },
    })
    expect(
      others(
        answers,
        (operation, status) => !operation.includes('{tenant}') || status === 404 || status === 401,
      ),
    ).toEqual([])
  })

  test('with one that may do everything finds no defect', { timeout }, async () => {
    const answers = await ask({ key: filled.keys.admin })
    expect(others(answers, (_operation, status) => status !== 403)).toEqual([])
    for (const [operation, counts] of withPrivate(answers)) {
      const letIn = [...counts.keys()].filter(
        (status) => status !== 401 && !beforeAccess.has(status),
      )
      expect(letIn.length, operation).toBeGreaterThan(0)
    }
  })
})
