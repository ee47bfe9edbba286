import type { Admin, Kafka } from 'kafkajs'

/** Runs `act` with an admin client of its own. */
export async function withAdmin<Answer>(
  kafka: Kafka,
  act: (admin: Admin) => Promise<Answer>,
): Promise<Answer> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await act(admin)
  } finally {
    await admin.disconnect()
  }
}
