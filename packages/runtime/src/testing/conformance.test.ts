import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { refuse } from '../http/problems.ts'
import { toAnyone } from '../http/access/route-access.ts'
import { json } from '../http/route-schema.ts'
import { testServer } from './index.ts'

const operation = {
  id: 'getThing',
  tag: { name: 'things', description: 'Things.' },
  summary: 'A thing',
  access: toAnyone,
  answers: { 200: json(z.object({ size: z.int() }), 'It') },
}

test.each([
  { rule: 'is let through', answer: { size: 1 }, status: 200 },
  { rule: 'of another shape is found', answer: { size: 'big' }, status: 500 },
  {
    rule: 'with a member that is not documented is found',
    answer: { size: 1, colour: 'red' },
    status: 500,
  },
  { rule: 'of another media type is found', answer: 'text', status: 500 },
  { rule: 'of another status is found', answer: { size: 1 }, code: 201, status: 500 },
  { rule: 'that is a problem which is not documented is found', answer: null, status: 500 },
])('an answer $rule', async ({ answer, code = 200, status }) => {
  const app = await testServer()
  onTestFinished(() => app.close())
  await app.register(async (routes) => {
    routes.get('/thing', { schema: { operation } }, (_request, reply) => {
      if (answer === null) refuse('alert-over', 'it is over')
      return reply.code(code).send(answer)
    })
  })
  expect((await app.inject('/thing')).statusCode).toBe(status)
})

test.each([
  { rule: 'that says it once is let through', says: 1, status: 204 },
  { rule: 'that does not say it is found', says: 0, status: 500 },
  { rule: 'that says it twice is found', says: 2, status: 500 },
  {
    rule: 'that says it though it should change nothing is found',
    says: 1,
    changes: null,
    status: 500,
  },
  { rule: 'that is refused need not say it', says: 0, refused: true, status: 404 },
])('a change $rule', async ({ says, changes = 'rule.put', refused = false, status }) => {
  const app = await testServer()
  onTestFinished(() => app.close())
  const answers = { 204: { description: 'It is so' } }
  const put = { ...operation, changes: changes as 'rule.put' | null, answers }
  await app.register(async (routes) => {
    const schema = { operation: { ...put, problems: ['unknown-rule'] as const } }
    routes.put('/thing', { schema }, async (request, reply) => {
      if (refused) refuse('unknown-rule', 'there is no such rule')
      for (let time = 0; time < says; time++) await request.changed(null)
      return reply.code(204).send()
    })
  })
  expect((await app.inject({ method: 'PUT', url: '/thing' })).statusCode).toBe(status)
})
