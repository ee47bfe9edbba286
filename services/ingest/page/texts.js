// What the page says, in both languages.

/** @typedef {import('./language.js').Language} Language */

/** @param {number} n @param {string} one @param {string} many */
const some = (n, one, many) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`

const en = {
  languageName: '中文',
  title: 'Scores in',
  about:
    'Scores, attendance, shifts, forecasts and costs that stand in a spreadsheet: save it as CSV and send it from here.',
  tenant: 'Tenant',
  board: 'Wallboard',
  kindTitle: '1. What it is',
  kind: 'Kind of file',
  template: 'Download a template',
  columnsTitle: 'Columns',
  columnsHead: ['Column', 'Required', 'Example'],
  required: 'yes',
  fileTitle: '2. The file',
  file: 'CSV file: choose it, or drop it here',
  noFile: 'None chosen yet',
  zone: 'Time zone of times without an offset',
  sendTitle: '3. Check and send',
  sendAbout:
    'A check sends nothing. Send once it finds no error. Have you changed the file since? Choose it again.',
  check: 'Check',
  send: 'Send',
  resultTitle: 'Result',
  checking: 'Checking …',
  sending: 'Sending …',
  /** @param {number} rows @param {string} tenant */
  right: (rows, tenant) =>
    `No error: ${some(rows, 'row', 'rows')} would be sent to ${tenant}. Nothing has been sent yet.`,
  noRows: 'No error, and no row below the header: there is nothing to send.',
  /** @param {number} errors @param {string} file */
  wrong: (errors, file) => `${some(errors, 'error', 'errors')} in ${file}: nothing was sent.`,
  /** @param {number} rows @param {string} tenant */
  sent: (rows, tenant) =>
    `Sent: ${some(rows, 'row', 'rows')} to ${tenant}. The same file again changes nothing; a corrected one replaces.`,
  /** @param {number} accepted @param {number} errors */
  partly: (accepted, errors) =>
    `Sent: ${some(accepted, 'row', 'rows')}; ${some(errors, 'row was', 'rows were')} refused.`,
  /** @param {number} shown */
  firstOnes: (shown) => `The first ${shown.toLocaleString('en')} are shown.`,
  errorsHead: ['Line', 'Column', 'Expected', 'Found'],
  wholeRow: 'whole row',
  nothing: 'nothing',
  unreachable:
    'The server cannot be reached. Try again: what has arrived already is not counted twice.',
  unreadable: 'The file cannot be read. Choose it again.',
  future:
    'The file was changed ahead of the server’s clock. Put the clock of this computer right and save the file again.',
  noTenant:
    'There is no tenant yet: one is known once the configuration names it, or its first event has come. Where any tenant is taken, name it in the address: /import?tenant=acme',
  /** @type {Record<string, string>} */
  problems: {
    'too-large': 'The file is too large. Cut it into several.',
    'unknown-tenant': 'There is no such tenant.',
    'too-many-tenants': 'There are as many tenants as there may be, and this is none of them.',
    overloaded: 'Too much is under way. Try again in a moment.',
    'log-unavailable':
      'The server does not reach its log. Try again: what has arrived already is not counted twice.',
    'log-full': 'The server has no more room. Tell whoever runs it.',
    'store-unavailable': 'The server has no access to its data. Try again in a moment.',
    stopping: 'The server is stopping. Try again in a moment.',
  },
}

/** @typedef {typeof en} Texts */

/** @type {Texts} */
const zh = {
  languageName: 'English',
  title: '导入评分',
  about: '表格中的评分、出勤、班次、预测和费用：另存为 CSV，从这里发送。',
  tenant: '租户',
  board: '看板',
  kindTitle: '1. 内容',
  kind: '文件类型',
  template: '下载模板',
  columnsTitle: '列',
  columnsHead: ['列名', '必填', '示例'],
  required: '是',
  fileTitle: '2. 文件',
  file: 'CSV 文件：选择，或拖放到此处',
  noFile: '尚未选择',
  zone: '未写时区偏移的时间所在时区',
  sendTitle: '3. 检查并发送',
  sendAbout: '检查不会发送任何内容。检查无误后即可发送。检查后又修改了文件？请重新选择。',
  check: '检查',
  send: '发送',
  resultTitle: '结果',
  checking: '正在检查…',
  sending: '正在发送…',
  right: (rows, tenant) => `没有错误：将向 ${tenant} 发送 ${rows} 行。目前尚未发送。`,
  noRows: '没有错误，但表头下没有数据行：无需发送。',
  wrong: (errors, file) => `${file} 中有 ${errors} 处错误：未发送任何内容。`,
  sent: (rows, tenant) =>
    `已向 ${tenant} 发送 ${rows} 行。再次发送同一文件不会改变任何结果；更正后的文件会替换原内容。`,
  partly: (accepted, errors) => `已发送 ${accepted} 行；${errors} 行被拒绝。`,
  firstOnes: (shown) => `仅显示前 ${shown} 处。`,
  errorsHead: ['行', '列', '应为', '实际'],
  wholeRow: '整行',
  nothing: '空',
  unreachable: '无法连接服务器。请重试：已送达的内容不会重复计算。',
  unreadable: '无法读取文件。请重新选择。',
  future: '文件的修改时间晚于服务器时间。请校准本机时钟后重新保存文件。',
  noTenant:
    '还没有租户：写入配置或收到第一个事件后出现。若接受任意租户，可在地址中指定：/import?tenant=acme',
  problems: {
    'too-large': '文件过大，请拆分为多个文件。',
    'unknown-tenant': '没有这个租户。',
    'too-many-tenants': '租户数量已达上限，且不包含此租户。',
    overloaded: '正在处理的请求过多，请稍后重试。',
    'log-unavailable': '服务器无法写入日志。请重试：已送达的内容不会重复计算。',
    'log-full': '服务器空间已满，请联系管理员。',
    'store-unavailable': '服务器无法访问数据，请稍后重试。',
    stopping: '服务器正在停止，请稍后重试。',
  },
}

export const texts = { en, zh }
