// Where the page leads to, and why somebody was led here.

/**
 * The page of this server that `?to=` names; else the first one. Whoever makes up a link to here is not to lead elsewhere.
 * @param {string | null} to @param {string} origin @returns {string} the whole address
 */
export function destination(to, origin) {
  const home = `${origin}/`
  if (to === null || !/^\/(?![/\\])/.test(to)) return home
  // What a browser makes of it counts: it drops tabs, and takes `\` for `/`.
  const url = URL.parse(to, origin)
  return url === null || url.origin !== origin || url.pathname === '/sign-in' ? home : url.href
}
