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
