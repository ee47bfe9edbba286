// A description of elements, and a document made to match it: what did not change is not touched, so that focus, what is being typed and a screen
// reader's place stay where they are. Text is always text.

/**
 * @typedef {string | number | false | null | undefined | Node_} Child
 * @typedef {{ tag: string, props: Props, children: (string | Node_)[] }} Node_
 * @typedef {(event: Event) => unknown} Handler
 * @typedef {Record<string, string | number | boolean | null | undefined | Handler>} Props
 */

const svgNames = 'http://www.w3.org/2000/svg'
const svgTags = new Set(['svg', 'use'])

/** Tells of a description, and is no attribute: which sibling it is, and whether its children are somebody else's, as those of a chart are. */
const ofDescription = new Set(['key', 'foreign'])

/** The value of a field is its user's, once it is there. */
const onlyAtFirst = new Set(['value', 'checked', 'open'])

/**
 * `on…` is a handler, `key` tells siblings apart, `foreign` leaves the children to somebody else (with a key: the element is never another's), `class`, `href` and so on are attributes: `false`, `null` and `undefined` leave one away.
 * @param {string} tag @param {Props} props @param {(Child | readonly Child[])[]} children @returns {Node_}
 */
export function h(tag, props, ...children) {
  return { tag, props, children: given(children.flat()) }
}

/** @param {readonly Child[]} children @returns {(string | Node_)[]} */
function given(children) {
  const kept = children.filter(
    (one) => one !== false && one !== null && one !== undefined && one !== '',
  )
  return kept.map((one) =>
    typeof one === 'number' ? String(one) : /** @type {string | Node_} */ (one),
  )
}

/** A shape of the page's own. @param {string} name @param {string} [label] what it says; left out: it only repeats what stands beside it */
export function shape(name, label) {
  const spoken =
    label === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label }
  return h('svg', { class: 'shape', ...spoken }, h('use', { href: `#shape-${name}` }))
}

/** @type {WeakMap<Element, Node_>} */
const shown = new WeakMap()
/** @type {WeakMap<Element, Record<string, Handler>>} */
const handlers = new WeakMap()

/** Makes the children of `into` those that are described. What goes, goes first: what stays is not moved, and keeps its focus. @param {Element} into @param {readonly Child[]} children */
export function render(into, children) {
  const wanted = given(children)
  const old = [...into.childNodes]
  /** @type {Set<ChildNode>} */
  const used = new Set()
  const known = wanted.map((one, at) => {
    const found =
      typeof one === 'string' || one.props['key'] === undefined
        ? old[at]
        : old.find((node) => isSame(node, one))
    if (found === undefined || used.has(found) || !isSame(found, one)) return null
    used.add(found)
    return found
  })
  for (const node of old) if (!used.has(node)) node.remove()
  let place = into.firstChild
  for (const [at, one] of wanted.entries()) {
    const node = known[at] ?? made(one)
    if (known[at] !== null) update(node, one)
    if (node === place) place = place.nextSibling
    else into.insertBefore(node, place)
  }
}

/** @param {ChildNode} node @param {string | Node_} one */
function isSame(node, one) {
  if (typeof one === 'string') return node.nodeType === 3
  const before = node instanceof Element ? shown.get(node) : undefined
  return before !== undefined && before.tag === one.tag && before.props['key'] === one.props['key']
}

/** @param {string | Node_} one @returns {ChildNode} */
function made(one) {
  if (typeof one === 'string') return document.createTextNode(one)
  const element = svgTags.has(one.tag)
    ? document.createElementNS(svgNames, one.tag)
    : document.createElement(one.tag)
  setProps(element, {}, one.props)
  shown.set(element, one)
  renderChildren(element, one)
  setFirst(element, one.props) // Behind the children: a select's value is one of its options.
  return element
}

/** @param {ChildNode} node @param {string | Node_} one */
function update(node, one) {
  if (typeof one === 'string') {
    if (node.nodeValue !== one) node.nodeValue = one
    return
  }
  const element = /** @type {Element} */ (node)
  setProps(element, shown.get(element)?.props ?? {}, one.props)
  shown.set(element, one)
  renderChildren(element, one)
}

/** @param {Element} element @param {Node_} one */
function renderChildren(element, { props, children }) {
  if (props['foreign'] !== true) render(element, children)
}

/** @param {Element} element @param {Props} before @param {Props} now */
function setProps(element, before, now) {
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (ofDescription.has(name) || onlyAtFirst.has(name)) continue
    if (name.startsWith('on'))
      listen(element, name.slice(2), /** @type {Handler | undefined} */ (now[name]))
    else if (before[name] !== now[name]) setAttribute(element, name, now[name])
  }
}

/** @param {Element} element @param {string} name @param {Props[string]} value */
function setAttribute(element, name, value) {
  if (typeof value === 'function') return
  if (value === false || value === null || value === undefined) element.removeAttribute(name)
  else element.setAttribute(name, value === true ? '' : `${value}`)
}

/** @param {Element} element @param {Props} props */
function setFirst(element, props) {
  for (const name of onlyAtFirst) {
    if (props[name] !== undefined) Object.assign(element, { [name]: props[name] })
  }
}

/** One listener for good, which calls the handler of now. @param {Element} element @param {string} type @param {Handler | undefined} handler */
function listen(element, type, handler) {
  const known = handlers.get(element) ?? {}
  if (!(type in known))
    element.addEventListener(type, (event) => handlers.get(element)?.[type]?.(event))
  handlers.set(element, { ...known, [type]: handler ?? (() => undefined) })
}
