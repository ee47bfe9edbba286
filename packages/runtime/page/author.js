// Who does something on a page: a name that this browser remembers for all of them.
import { store, stored } from './language.js'

const authorKey = 'deskpulse.author'

/** @returns {string} Empty: nobody said so far. */
export const author = () => stored(authorKey) ?? ''
/** @param {string} name */
export const rememberAuthor = (name) => store(authorKey, name)
