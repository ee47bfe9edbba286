import { expect, test } from 'vitest'
import { pipelineReport } from '../report/pipeline.ts'
import { runPipeline } from './run-pipeline.ts'

test('the bench of the whole pipeline sees every event that it sends come out of the API', async () => {
  const result = await runPipeline({
    runs: 1,
    events: 2_000,
    live: { perSecond: 2_000, seconds: 1 },
  })
  expect(result.catchUp).toHaveLength(1)
  expect(result.live[0]?.latenciesMs.length).toBeGreaterThan(0)
  expect(result.live[0]?.commits.at(-1)?.count).toBeGreaterThan(0)
  expect(result.consume[0]?.wallMs).toBeGreaterThan(0)
  expect(pipelineReport(result)).toContain('visible in the API')
})
