export { testServer } from './test-server.ts'
