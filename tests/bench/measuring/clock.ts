/** Epoch milliseconds with fractions, the same in every process of the machine, and never going back within one. */
export const nowMs = (): number => performance.timeOrigin + performance.now()
