// What every page says of who is signed in.

const en = {
  signOut: 'Sign out',
  signOutFailed: 'Not signed out: try again',
  open: 'Open',
  openText: 'Whoever reaches this address may change everything: nobody is asked for a key.',
  forbidden: 'This key may not do that.',
}

/** @type {typeof en} */
const zh = {
  signOut: '退出登录',
  signOutFailed: '未能退出，请重试',
  open: '开放',
  openText: '任何能访问此地址的人都可以更改所有内容：无需密钥。',
  forbidden: '此密钥无权执行该操作。',
}

export const sessionTexts = { en, zh }
