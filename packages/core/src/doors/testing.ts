/** For tests of other packages. */

export { rowOfEachGrain } from '../subjects/row.fixture.ts'
