// The library stands beside the page's own files where it is served, and among the packages where types are looked for.
export { default } from 'uplot'
