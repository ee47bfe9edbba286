// What the page says, in both languages.

const en = {
  languageName: '中文',
  title: 'Sign in',
  provider: 'Sign in with your account',
  key: 'Key',
  about:
    'Paste the key that you were given; it begins with dp_. This browser keeps no key, but a session that ends by itself.',
  signIn: 'Sign in',
  signingIn: 'Signing in …',
  open: 'No key is needed here: whoever reaches this address may change everything.',
  goOn: 'Go on',
  missing: 'Paste a key first.',
  unreachable: 'The server cannot be reached. Try again in a moment.',
  failed: 'The server could not sign you in. Try again in a moment.',
  forbidden: 'This key opens no page: it has neither of the scopes board and read.',
  /** @param {number} seconds */
  tooMany: (seconds) => `Too many tries. Try again in ${seconds} s.`,
  unknown: 'There is no such key. Paste the whole of it.',
  revoked: 'This key was revoked. Ask for a new one.',
  expired: 'This key has expired. Ask for a new one.',
  busy: 'Many sign in right now. Try again in a moment.',
  ended: {
    board: 'This link opens no board any more. Ask for a new one.',
    provider: 'Signing in with your account failed. Try again in a moment.',
    again: 'Signing in took too long, or began in another browser. Begin again.',
    role: 'You are signed in with your account, but it has no rights here. Ask whoever runs Deskpulse.',
    over: 'Your session is over. Sign in again.',
    revoked: 'Your session is over: the key that it began with was revoked.',
    expired: 'Your session is over: the key that it began with has expired.',
  },
}

/** @typedef {typeof en} Texts */

/** @type {Texts} */
const zh = {
  languageName: 'English',
  title: '登录',
  provider: '使用账号登录',
  key: '密钥',
  about: '粘贴您获得的密钥（以 dp_ 开头）。浏览器不保存密钥，只保存一个会自动结束的会话。',
  signIn: '登录',
  signingIn: '正在登录…',
  open: '此处无需密钥：任何能访问此地址的人都可以更改所有内容。',
  goOn: '继续',
  missing: '请先粘贴密钥。',
  unreachable: '无法连接服务器，请稍后重试。',
  failed: '服务器未能完成登录，请稍后重试。',
  forbidden: '此密钥不能打开任何页面：它既没有 board 权限，也没有 read 权限。',
  tooMany: (seconds) => `尝试次数过多，请在 ${seconds} 秒后重试。`,
  unknown: '没有这个密钥。请粘贴完整的密钥。',
  revoked: '此密钥已被撤销，请索取新密钥。',
  expired: '此密钥已过期，请索取新密钥。',
  busy: '当前登录人数过多，请稍后重试。',
  ended: {
    board: '此链接已不能打开任何看板，请索取新链接。',
    provider: '账号登录失败，请稍后重试。',
    again: '登录超时，或在其他浏览器中开始。请重新登录。',
    role: '账号已登录，但在此没有任何权限，请联系管理员。',
    over: '会话已结束，请重新登录。',
    revoked: '会话已结束：登录所用的密钥已被撤销。',
    expired: '会话已结束：登录所用的密钥已过期。',
  },
}

export const texts = { en, zh }
