import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// Test runners are kinder to CommonJS than Node is: what they import by name may not be there.
test('Node itself loads the package and its KafkaJS', async () => {
  const script = `const { kafkaEventLog } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))})
    const log = kafkaEventLog({ brokers: ['127.0.0.1:1'], clientId: 'load' })
    await log.close()
    console.log('loaded')`
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
  ])
  expect(stdout).toBe('loaded\n')
})
