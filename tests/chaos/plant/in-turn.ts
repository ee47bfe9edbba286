/** What happens to one thing happens in turn: a process is not killed while it is frozen. */
export function inTurn(): (name: string, act: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>()
  return (name, act) => {
    const next = (last.get(name) ?? Promise.resolve()).then(act)
    last.set(
      name,
      next.catch(() => {}), // Told to who asked for it; the next one is not concerned.
    )
    return next
  }
}
