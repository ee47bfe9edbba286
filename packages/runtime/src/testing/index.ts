export { localSite, testServer } from './test-server.ts'
