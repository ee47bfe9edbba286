import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

function linesOf(
  act: (logger: ReturnType<typeof createLogger>) => void,
): readonly Record<string, unknown>[] {
  const lines: string[] = []
  act(
    createLogger({
      name: 'ingest',
      level: 'info',
      destination: { write: (line) => void lines.push(line) },
    }),
  )
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('a line names its service, its level in words and its time in RFC 3339', () => {
  const [line] = linesOf((logger) => logger.info({ partition: 3 }, 'taken over'))
  expect(line).toMatchObject({ name: 'ingest', level: 'info', partition: 3, msg: 'taken over' })
  expect(new Date(String(line?.['time'])).toISOString()).toBe(line?.['time'])
})

test('a line below the level is not written', () => {
  expect(linesOf((logger) => logger.debug('detail'))).toEqual([])
})

test.each([
  { where: 'on top', value: { password: 'hunter2' } },
  { where: 'one level down', value: { sasl: { password: 'hunter2', username: 'u' } } },
  { where: 'three levels down', value: { config: { kafka: { sasl: { password: 'hunter2' } } } } },
  { where: 'in a list', value: { endpoints: [{ secret: 'hunter2' }] } },
  { where: 'in request headers', value: { req: { headers: { authorization: 'hunter2' } } } },
])('a secret $where is masked', ({ value }) => {
  const [line] = linesOf((logger) => logger.info(value))
  expect(JSON.stringify(line)).not.toContain('hunter2')
  expect(JSON.stringify(line)).toContain('***')
})
