import { connect, type AddressInfo } from 'node:net'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { letGoOfConnections } from './let-go.ts'

/** A server that has been asked, over a connection that stays open, and has not answered. */
async function askedServer(answersWithinMs?: number) {
  const answer = Promise.withResolvers<string>()
  const asked = Promise.withResolvers<void>()
  const app = fastify({ forceCloseConnections: 'idle' })
  letGoOfConnections(app, answersWithinMs)
  app.get('/', () => {
    asked.resolve()
    return answer.promise
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nhost: test\r\n\r\n')
  let received = ''
  client.on('data', (chunk) => (received += chunk.toString()))
  client.on('error', () => {}) // It is cut off.
  await asked.promise
  return { app, answer: answer.resolve, received: () => received }
}

test('a closing server gives the answer that is under way, and does not wait for its connection', async () => {
  const { app, answer, received } = await askedServer()
  const closed = app.close()
  await new Promise(setImmediate)
  answer('the answer')
  await closed
  expect(received()).toContain('the answer')
})

test('a closing server cuts off an answer that takes too long', async () => {
  const { app, received } = await askedServer(50)
  await app.close()
  expect(received()).toBe('')
})
