import { expect, test } from 'vitest'
import { keptMs } from './kept.ts'
import type { TopicAdmin } from './topics.ts'

const adminOf = (settings: Readonly<Record<string, string>>) =>
  ({
    describeConfigs: ({ resources: [one] }: { resources: readonly { name: string }[] }) =>
      Promise.resolve({
        resources: [
          {
            resourceName: one!.name,
            configEntries: Object.entries(settings).map(([configName, configValue]) => ({
              configName,
              configValue,
            })),
          },
        ],
      }),
  }) as unknown as Pick<TopicAdmin, 'describeConfigs'>

test('a record stays for its retention, and for as long as its segment is written', async () => {
  const admin = adminOf({ 'retention.ms': '1000', 'segment.ms': '500' })
  expect(await keptMs(admin, 'deskpulse.raw')).toBe(1_500)
})

test.each([{ 'retention.ms': '-1', 'segment.ms': '500' }, {} as Record<string, string>])(
  'without an end, or where nobody says one, it stays for good: %j',
  async (settings) => expect(await keptMs(adminOf(settings), 'deskpulse.raw')).toBeNull(),
)
