import fastify from 'fastify'
import { expect, test } from 'vitest'
import { createMetrics } from '../metrics/metrics.ts'
import { measureRequests } from './measure-requests.ts'

test('answers are observed by the pattern of their route and their status; what has no route is "none"', async () => {
  const metrics = createMetrics({ processMetrics: false })
  const app = fastify()
  measureRequests(app, metrics)
  await app.register((routes, _options, done) => {
    routes.get('/tenants/:tenant', () => 'ok')
    done()
  })
  for (const url of ['/tenants/a', '/tenants/b', '/elsewhere']) await app.inject({ url })
  const { values } = await metrics.requestsAnswered.get()
  const counts = values
    .filter(({ metricName }) => metricName?.endsWith('_count'))
    .map(({ labels, value }) => [labels.route, labels.status, value])
  expect(counts).toEqual([
    ['/tenants/:tenant', '200', 2],
    ['none', '404', 1],
  ])
  await app.close()
})
