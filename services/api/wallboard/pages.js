// Pages that turn by themselves, where a wall has no room for every queue.

const everyMs = 8_000
const forward = ['ArrowRight', 'PageDown']
const back = ['ArrowLeft', 'PageUp']

/**
 * Pages of what an element shows. They stand still while its reader points at it or has the focus in it, while `button` says so, and from the start
 * for whoever wants no motion.
 * @param {HTMLElement} element @param {HTMLElement} button stops the turning and begins it again @param {() => void} onChange
 */
export function pagesOf(element, button, onChange) {
  let page = 0
  let count = 1
  let isStopped = matchMedia('(prefers-reduced-motion: reduce)').matches
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer

  /** @param {number} by */
  function turn(by) {
    page = (page + by + count) % count
    onChange()
  }
  function restart() {
    clearInterval(timer)
    timer = setInterval(
      () => !isStopped && !element.matches(':hover, :focus-within') && turn(1),
      everyMs,
    )
  }

  button.addEventListener('click', () => {
    isStopped = !isStopped
    restart()
    onChange()
  })
  document.addEventListener('keydown', ({ key, target }) => {
    const by = forward.includes(key) ? 1 : back.includes(key) ? -1 : 0
    if (by === 0 || count < 2 || target instanceof HTMLSelectElement) return
    restart()
    turn(by)
  })
  restart()

  return {
    /** The page to show, from 0, of `pages`. @param {number} pages */
    current(pages) {
      count = pages
      page = Math.min(page, count - 1)
      return page
    },
    isStopped: () => isStopped,
    first() {
      page = 0
    },
  }
}
