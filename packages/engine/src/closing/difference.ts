/**
 * What was added to cells and taken away again, as two numbers: a sum in a group, so that what came and went leaves nothing, in whatever pieces it did. That a
 * change of one cell leaves nothing is ruled out below 2^32, that one of several does is as likely as a collision of 64 bits.
 */
export class Difference {
  #a: number
  #b: number

  constructor(a = 0, b = 0) {
    this.#a = a
    this.#b = b
  }

  get isNothing(): boolean {
    return this.#a === 0 && this.#b === 0
  }

  /** To be stored: two unsigned numbers of 32 bits. */
  get parts(): readonly [a: number, b: number] {
    return [this.#a, this.#b]
  }

  add(cell: number, value: number): void {
    const low = value | 0 // Modulo 2^32, also of what is larger, or negative.
    this.#a = (this.#a + Math.imul(low, mixed(cell, 0x9e3779b9))) >>> 0
    this.#b = (this.#b + Math.imul(low, mixed(cell, 0x85ebca6b))) >>> 0
  }
}

/** An odd number: it takes nothing from what it multiplies. */
function mixed(cell: number, seed: number): number {
  let hash = (cell ^ seed) | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) | 1
}
