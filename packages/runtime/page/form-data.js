/** What was typed into a field, without the spaces around it; nothing where there is no such field. @param {FormData} form @param {string} name */
export function typed(form, name) {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}
