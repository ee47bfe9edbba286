/** Every code of three capital letters has a number: a new currency needs no table, and its amounts have a place from the first one on. */
const letters = 26
const firstLetter = 'A'.charCodeAt(0)
export const currencyCodes = letters ** 3

/** From 0. @throws RangeError: events are checked where they come in. */
export function numberOfCurrency(code: string): number {
  if (!/^[A-Z]{3}$/.test(code)) throw new RangeError(`no currency: ${code}`)
  const [a, b, c] = [0, 1, 2].map((place) => code.charCodeAt(place) - firstLetter) as [
    number,
    number,
    number,
  ]
  return (a * letters + b) * letters + c
}

export function currencyOfNumber(number: number): string {
  const places = [Math.floor(number / letters ** 2), Math.floor(number / letters), number]
  return String.fromCharCode(...places.map((place) => firstLetter + (place % letters)))
}

const digitsOf = new Map<string, number>() // A memo: to make a format takes longer than all that is done with it.

/** How many digits the minor unit is behind the point of the main one: 2 of `CNY`, 0 of `JPY`, 3 of `KWD`; 2 of a code that nobody knows. */
export const minorDigits = (currency: string): number =>
  digitsOf.getOrInsertComputed(
    currency,
    () =>
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
        .maximumFractionDigits!,
  )
