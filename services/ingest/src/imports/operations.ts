import { importBody, importedSchema, importsSchema, importTemplate } from '@deskpulse/contract'
import { json, type Operation, toTenant } from '@deskpulse/runtime'
import { ofAdmission } from '../http/admit.ts'

const tag = { name: 'imports', description: 'What no system sends, as CSV files.' }

export const listImports: Operation = {
  ...{ id: 'listImports', tag },
  summary: 'What can be imported: the kinds of files and their columns, in English and Chinese.',
  access: toTenant('ingest'),
  answers: { 200: json(importsSchema, 'Every kind') },
  problems: ['bad-request', 'unknown-tenant', 'too-many-tenants'],
}

export const getImportTemplate: Operation = {
  ...{ id: 'getImportTemplate', tag },
  summary: 'A file of a kind to begin with: the header and two rows.',
  access: toTenant('ingest'),
  answers: { 200: { description: 'A file to save', content: importTemplate } },
  problems: ['bad-request', 'unknown-tenant', 'too-many-tenants'],
}

export const importFileOperation: Operation = {
  ...{ id: 'importFile', tag },
  summary:
    'Sends the rows of a file, unless one of them is wrong. The same file again changes nothing; a corrected one replaces.',
  access: toTenant('ingest'),
  changes: 'import.send',
  body: { required: true, content: importBody },
  answers: {
    200: json(importedSchema, 'Nothing was to be sent: a dry run, or a file without rows'),
    202: json(importedSchema, 'The log has the rows'),
    422: json(importedSchema, 'Nothing was sent; `errors` say why'),
  },
  problems: ['bad-request', 'bad-http', 'no-events', ...ofAdmission],
}
