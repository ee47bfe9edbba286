// Runs in the page: which of its texts cannot be read in full, or lie over another.

/** The letters themselves, also those that an element hides, without the blank above and below them. */
function lettersOf(element) {
  const range = document.createRange()
  range.selectNodeContents(element)
  const { left, right, top, bottom, height } = range.getBoundingClientRect()
  return { left, right, top: top + height / 7, bottom: bottom - height / 7 }
}

const boxOf = (element) => element.getBoundingClientRect()
const nameOf = (element) => `“${element.id || element.textContent.replace(/\s+/g, ' ').trim()}”`
const isShown = (element) =>
  element.textContent.trim() !== '' && element.checkVisibility() && element.offsetWidth !== 1 // One pixel: for those who listen.
const isOutside = (inner, outer) =>
  inner.left < outer.left - 1 ||
  inner.right > outer.right + 1 ||
  inner.top < outer.top - 1 ||
  inner.bottom > outer.bottom + 1
const areOver = (a, b) =>
  a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1

/** What stands beside each other in a box: out of the box, or one over another. */
function faultsIn(box, elements, measure) {
  const shown = [...elements].filter(isShown)
  return shown.flatMap((element, n) => {
    const others = shown.slice(n + 1).filter((other) => areOver(measure(element), measure(other)))
    return [
      ...(isOutside(measure(element), boxOf(box))
        ? [`${nameOf(element)} is outside of ${nameOf(box)}`]
        : []),
      ...others.map((other) => `${nameOf(element)} lies over ${nameOf(other)}`),
    ]
  })
}

/** A text that is wider than its element; a queue's name may be, if its whole is in the title. */
function isCut(element, names) {
  if (
    element.scrollWidth <= element.clientWidth + 1 ||
    getComputedStyle(element).display === 'inline'
  )
    return false
  return (
    names.includes(element.textContent) || element.closest('[title]')?.title !== element.textContent
  )
}

/** `names`: of queues, that must be shown in full. */
globalThis.cutTexts = (names) => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)]
  const page = document.documentElement
  return [
    ...all('.tile').flatMap((tile) =>
      faultsIn(tile, all('h2, .status span, .number, .detail', tile), lettersOf),
    ),
    ...all('#queues :is(th, td)').flatMap((cell) =>
      isCut(cell, names) ? [] : faultsIn(cell, cell.title === '' ? [cell] : [], lettersOf),
    ),
    ...all('.tile *, #queues *, header *, footer')
      .filter((element) => isShown(element) && isCut(element, names))
      .map((element) => `${nameOf(element)} is cut`),
    ...faultsIn(
      document.querySelector('header'),
      all('h1, #connection-text, #clock, #alerts, #language'),
      lettersOf,
    ),
    ...faultsIn(
      document.querySelector('header'),
      all('h1, #tenants, #connection, #clock, #alerts, #language'),
      boxOf,
    ),
    ...faultsIn(document.body, all('header, .tile, #queues, footer'), boxOf),
    ...faultsIn(document.querySelector('#queues'), all('#queue-bar, #queues tr'), boxOf),
    ...faultsIn(
      document.querySelector('#queue-bar'),
      all('#over-limit, #over-queues li, #over-more, #page'),
      boxOf,
    ),
    ...(page.scrollWidth > innerWidth ? [`the page is ${page.scrollWidth} wide`] : []),
  ]
}
