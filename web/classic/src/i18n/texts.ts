/**
 * Every word of the pages, in Chinese and English.
 *
 * Rules: the two languages have the same keys and the same `{blanks}`; both are checked. Pure.
 */

const zh = {
  // The landing page
  "home.title": "Kefu 客服",
  "home.lead": "Kefu 是自己就能运行的在线客服聊天：一条命令启动，每条消息先保存，再送达。",
  "home.try": "一分钟试用",
  "home.hint": "并排打开这两个页面，各填一个名字，就可以对话了。",
  "home.kefu": "客服页面",
  "home.kefu.about": "以客服身份上线，等待用户进来。",
  "home.yonghu": "用户页面",
  "home.yonghu.about": "以用户身份找一位空闲的客服。",
  "home.more": "更多页面",
  "home.direct": "私聊",
  "home.direct.about": "登录后，从在线名单里选人一对一聊天（Socket.IO）。",
  "home.demo": "小 Demo",
  "home.demo.about": "打开、关闭、发送：看看服务器怎样广播（WebSocket）。",
  "home.open": "在新窗口打开",
  "home.off": "服务器正在运行，教程协议没有开启",
  "home.off.about":
    "所以这里还没有可以打开的页面。要开启，请写进 kefu serve 的配置文件，然后重新启动：",
  "home.off.more":
    "客服还需要令牌，见 docs/configuration.zh-CN.md。只想在自己的电脑上试一试？运行 kefu demo，一切都已开启。",

  // What all pages share
  "page.home": "Kefu 首页",
  "page.language": "语言",

  // Names
  "name.label": "名字",
  "name.empty": "请填写名字。",
  "name.refused": "这个名字不能用：{reason}",
  "name.refused-plainly": "这个名字已被使用或不能用，请换一个。",
  "join.connecting": "正在连接…",
  "join.unreachable": "连不上服务器。请稍后再试。",
  "join.too-many": "连接太多。请稍后再试。",
  "join.asked-too-often": "请求太频繁。请稍后再试。",
  "join.refused": "服务器拒绝了：{reason}",

  // The agent's page
  "kefu.title": "客服",
  "kefu.lead": "填写名字上线，用户就能找到您。",
  "kefu.example": "例如：小美",
  "kefu.join": "上线",
  "kefu.token": "访问令牌",
  "kefu.token.need": "需要令牌？",
  "kefu.token.refused": "令牌无效，请核对后再试。",
  "kefu.other": "还没有用户？打开用户页面，和自己对话",
  "kefu.waiting": "正在等待用户",
  "kefu.waiting.about": "有用户进来时，对话会出现在这里。",
  "kefu.waiting.open": "打开用户页面",
  "kefu.leave": "下线",

  // The visitor's page
  "yonghu.title": "联系客服",
  "yonghu.lead": "填写名字，为您接通一位空闲的客服。",
  "yonghu.example": "例如：小明",
  "yonghu.join": "开始对话",
  "yonghu.other": "没有客服在线？打开客服页面，自己来接待",
  "yonghu.none": "暂无客服",
  "yonghu.none.about": "现在没有空闲的客服。您可以排队并先留言，客服有空时会看到；也可以稍后再试。",
  "yonghu.wait": "排队等候并留言",
  "yonghu.retry": "再试一次",
  "yonghu.back": "返回",
  "yonghu.waiting": "正在排队，等待客服",
  "yonghu.waiting.about": "现在可以先写下您的问题。",
  "yonghu.leave": "结束对话",
  "yonghu.agent-left": "客服已离开，对话结束。",
  "yonghu.again": "再找一位客服",

  // Conversations
  "chat.serving": "客服-{name}-将为您服务",
  "chat.visitor-entered": "用户-{name}-已进入房间",
  "chat.visitor-left": "用户-{name}-已退出房间",
  "chat.agent-left": "客服-{name}-已退出房间",
  "chat.no-agent": "暂无客服，请稍后再试",
  "chat.log": "对话内容",
  "chat.with": "正在对话",
  "chat.offline": "未连接",
  "chat.ended": "对话已结束",
  "chat.me": "我是 {name}",
  "chat.draft": "消息",
  "chat.write": "写消息…",
  "chat.keys": "Enter 发送 · Shift+Enter 换行",
  "chat.send": "发送",
  "chat.sending": "发送中…",
  "chat.sent": "已发送",
  "chat.failed": "未确认送达",
  "chat.retry": "重发",
  "chat.newest": "↓ 新消息",
  "chat.reconnecting": "连接已断开，正在重新连接…",

  // The direct page
  "direct.title": "私聊",
  "direct.lead": "登录后即可与在线的人一对一聊天。",
  "direct.example": "例如：小明",
  "direct.join": "登录",
  "direct.leave": "退出",
  "direct.people": "在线的人",
  "direct.filter": "查找名字",
  "direct.nobody": "还没有别人在线。",
  "direct.nobody.open": "再开一个窗口，换个名字登录",
  "direct.no-match": "没有符合的名字。",
  "direct.more": "还有 {count} 人，请输入名字查找。",
  "direct.pick": "选一个人开始聊天",
  "direct.back": "返回名单",
  "direct.online": "在线",
  "direct.offline": "已离线",
  "direct.unread": "{count} 条未读",
  "direct.first": "向 {name} 打个招呼吧。",

  // The small demo
  "demo.title": "小 Demo",
  "demo.lead": "您发送的内容，所有打开本页的人都会收到，前后各加上“服务器”。",
  "demo.open": "打开服务",
  "demo.close": "关闭服务",
  "demo.closed": "已断开",
  "demo.opening": "正在连接…",
  "demo.opened": "已连接",
  "demo.message": "消息",
  "demo.send": "发送",
  "demo.log": "收到的消息",
  "demo.empty": "还没有收到消息。再开一个窗口，两边都会收到。",
};

export type TextKey = keyof typeof zh;

const en: Record<TextKey, string> = {
  "home.title": "Kefu 客服",
  "home.lead":
    "Kefu is live support chat that you run yourself. One command starts it, and every message is stored before it is delivered.",
  "home.try": "Try it in a minute",
  "home.hint": "Open these two side by side, enter a name in each, and talk.",
  "home.kefu": "Agent page",
  "home.kefu.about": "Go online as an agent and wait for a visitor.",
  "home.yonghu": "Visitor page",
  "home.yonghu.about": "Find a free agent as a visitor.",
  "home.more": "More pages",
  "home.direct": "Direct chat",
  "home.direct.about": "Log in and talk one to one with anybody online (Socket.IO).",
  "home.demo": "Small demo",
  "home.demo.about": "Open, close, send: watch the server broadcast (WebSocket).",
  "home.open": "Open in a new window",
  "home.off": "This server runs; the tutorial protocols are off",
  "home.off.about":
    "So there is no page to open yet. To switch them on, write this into the file that kefu serve reads, and start it again:",
  "home.off.more":
    "Agents also need a token: see docs/configuration.md. Just trying it on your own machine? Run kefu demo, where everything is on.",

  "page.home": "Kefu home",
  "page.language": "Language",

  "name.label": "Name",
  "name.empty": "Please enter a name.",
  "name.refused": "This name cannot be used: {reason}",
  "name.refused-plainly": "This name is taken or cannot be used. Please choose another.",
  "join.connecting": "Connecting…",
  "join.unreachable": "The server cannot be reached. Please try again later.",
  "join.too-many": "Too many connections. Please try again later.",
  "join.asked-too-often": "Too many requests. Please try again later.",
  "join.refused": "The server refused: {reason}",

  "kefu.title": "Agent",
  "kefu.lead": "Enter a name to go online, so that visitors can find you.",
  "kefu.example": "for example Ann",
  "kefu.join": "Go online",
  "kefu.token": "Access token",
  "kefu.token.need": "Need a token?",
  "kefu.token.refused": "The token is not valid. Please check it and try again.",
  "kefu.other": "No visitor yet? Open the visitor page and talk with yourself",
  "kefu.waiting": "Waiting for a visitor",
  "kefu.waiting.about": "When a visitor comes in, the conversation appears here.",
  "kefu.waiting.open": "Open the visitor page",
  "kefu.leave": "Go offline",

  "yonghu.title": "Talk to us",
  "yonghu.lead": "Enter a name and we connect you with a free agent.",
  "yonghu.example": "for example Ben",
  "yonghu.join": "Start",
  "yonghu.other": "No agent online? Open the agent page and answer yourself",
  "yonghu.none": "No agent is free",
  "yonghu.none.about":
    "You can wait in line and leave a message now; the next free agent will see it. Or try again later.",
  "yonghu.wait": "Wait in line and leave a message",
  "yonghu.retry": "Try again",
  "yonghu.back": "Back",
  "yonghu.waiting": "In line, waiting for an agent",
  "yonghu.waiting.about": "You can write your question now.",
  "yonghu.leave": "End chat",
  "yonghu.agent-left": "The agent has left. This conversation is over.",
  "yonghu.again": "Find another agent",

  "chat.serving": "Agent {name} is here for you",
  "chat.visitor-entered": "Visitor {name} came in",
  "chat.visitor-left": "Visitor {name} left",
  "chat.agent-left": "Agent {name} left",
  "chat.no-agent": "No agent is free, please try again later",
  "chat.log": "Conversation",
  "chat.with": "In chat",
  "chat.offline": "Not connected",
  "chat.ended": "Ended",
  "chat.me": "I am {name}",
  "chat.draft": "Message",
  "chat.write": "Write a message…",
  "chat.keys": "Enter sends · Shift+Enter makes a new line",
  "chat.send": "Send",
  "chat.sending": "Sending…",
  "chat.sent": "Sent",
  "chat.failed": "Not confirmed",
  "chat.retry": "Retry",
  "chat.newest": "↓ New messages",
  "chat.reconnecting": "Connection lost. Reconnecting…",

  "direct.title": "Direct chat",
  "direct.lead": "Log in to talk one to one with anybody online.",
  "direct.example": "for example Ann",
  "direct.join": "Log in",
  "direct.leave": "Log out",
  "direct.people": "People online",
  "direct.filter": "Find a name",
  "direct.nobody": "Nobody else is online yet.",
  "direct.nobody.open": "Open another window and log in under another name",
  "direct.no-match": "No name matches.",
  "direct.more": "And {count} more; type a name to find them.",
  "direct.pick": "Pick somebody to talk to",
  "direct.back": "Back to the list",
  "direct.online": "Online",
  "direct.offline": "Offline",
  "direct.unread": "{count} unread",
  "direct.first": "Say hello to {name}.",

  "demo.title": "Small demo",
  "demo.lead":
    "What you send goes to everybody who has this page open, with “服务器” (server) around it.",
  "demo.open": "Open",
  "demo.close": "Close",
  "demo.closed": "Disconnected",
  "demo.opening": "Connecting…",
  "demo.opened": "Connected",
  "demo.message": "Message",
  "demo.send": "Send",
  "demo.log": "What arrived",
  "demo.empty": "Nothing yet. Open another window: both will hear it.",
};

export const TEXTS = { "zh-CN": zh, en };

export type Language = keyof typeof TEXTS;

export const LANGUAGES = Object.keys(TEXTS) as readonly Language[];

/** The language chosen before, else the browser's first that there is, else English. */
export function pickLanguage(chosen: string, preferred: readonly string[]): Language {
  const known = (tag: string): Language | undefined =>
    LANGUAGES.find((code) => tag.split("-")[0] === code.split("-")[0]);
  return [chosen, ...preferred].map(known).find((code) => code !== undefined) ?? "en";
}

/** Fills the `{blanks}` of a text. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (blank, key: string) => values[key] ?? blank);
}
