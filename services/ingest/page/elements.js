// Finds and makes elements. Text is always text.

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

/** @param {string} id */
export const selectById = (id) => /** @type {HTMLSelectElement} */ (byId(id))
/** @param {string} id */
export const buttonById = (id) => /** @type {HTMLButtonElement} */ (byId(id))

/** @param {string} id @param {string} text */
export function setText(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text
}

/** @param {string} tag @param {(Node | string)[]} children */
export function element(tag, ...children) {
  const made = document.createElement(tag)
  made.append(...children)
  return made
}

/** @param {string[]} names */
export const headCells = (names) =>
  names.map((name) => {
    const cell = element('th', name)
    cell.setAttribute('scope', 'col')
    return cell
  })

/** @param {string[]} cells */
export const tableRow = (cells) => element('tr', ...cells.map((cell) => element('td', cell)))

/** What can be picked, as `[value, text]`; the pick stays. @param {HTMLSelectElement} select @param {(readonly [string, string])[]} options @param {string} picked */
export function fillSelect(select, options, picked) {
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)))
  select.value = picked
}
