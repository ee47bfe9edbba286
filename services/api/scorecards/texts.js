// All that the page says, in both languages.
import { en } from './texts-en.js'
import { zh } from './texts-zh.js'

/** @typedef {typeof en} Texts */

/** @type {Readonly<Record<import('./language.js').Language, Texts>>} */
export const texts = { en, zh }
