import { contractHabits } from './catalogue.ts'
import type { Floor } from './floor.ts'
import type { Process } from './processes.ts'
import type { Random } from './random.ts'

/** Customers under contract: some from the beginning, and now and then another one, or one who leaves. With chances of its own; of whoever plays again they are the same ones. */
export function* contracts({ emit }: Floor, random: Random): Process {
  const under: string[] = []
  let signed = 0
  const sign = (): void => {
    signed += 1
    const customerId = `subscriber-${signed}`
    under.push(customerId)
    emit('customer.started', { customerId })
  }
  while (signed < contractHabits.atFirst) sign()
  for (;;) {
    yield random.exponential(contractHabits.changeAfterMs)
    const isLeaving = under.length > 0 && random.chance(contractHabits.leaveShare)
    if (!isLeaving) sign()
    else {
      const [customerId] = under.splice(Math.floor(random.next() * under.length), 1)
      emit('customer.left', { customerId })
    }
  }
}
