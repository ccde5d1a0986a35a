/**
 * Every word of the desk's pages, in Chinese and English.
 *
 * Rules: the two languages have the same keys and the same `{blanks}`; both are checked. Pure.
 */
import type { Texts } from "shared/i18n/languages";

const zh = {
  "page.language": "语言",

  // Set-up, joining, a new password
  "setup.title": "设置 Kefu",
  "setup.lead": "创建第一位管理员。之后由您邀请团队的其他人。",
  "setup.go": "创建管理员",
  "setup.done": "设置完成",
  "setup.done.about": "您好，{name}。您已是管理员，并已登录。",
  "setup.missing":
    "请打开 kefu serve 启动时打印的链接。只要还没有管理员，每次启动都会打印一个新的。",
  "setup.refused":
    "只要还没有管理员，重新启动 kefu serve，它会打印一个新的链接。已经有管理员了？请用邮箱和密码登录。",
  "join.title": "加入团队",
  "join.lead": "设置密码，就可以开始接待客户。",
  "join.go": "加入",
  "join.done": "欢迎加入",
  "join.done.about": "您好，{name}。您已登录。",
  "join.missing": "请打开管理员发给您的完整链接，# 后面的部分也要有。",
  "join.refused": "请管理员再发一个新链接。如果您已经设置过密码，请用邮箱和密码登录。",
  "reset.title": "设置新密码",
  "reset.lead": "设置之后，您在其他地方的登录会失效。",
  "reset.go": "保存新密码",
  "reset.done": "新密码已生效",
  "reset.done.about": "您好，{name}。您已登录，其他地方的登录已失效。",
  "reset.missing": "请打开管理员发给您的完整链接，# 后面的部分也要有。",
  "reset.refused": "请管理员再发一个新链接。如果您已经设置过新密码，请用它登录。",
  "account.missing": "这里需要一次性链接",
  "account.damaged": "这个链接不完整",
  "account.refused": "这个链接无效、已用过或已过期",
  "account.name": "名字",
  "account.name.hint": "客户和同事会看到这个名字。",
  "account.name.join": "客户和同事会看到这个名字。不填则沿用管理员起的名字。",
  "account.email": "邮箱",
  "account.email.hint": "登录时用。",
  "account.password": "密码",
  "account.password.hint": "长比复杂好，例如几个不相关的词。",
  "account.show": "显示密码",
  "account.hide": "隐藏密码",
  "account.busy": "请稍候…",
  "account.next": "接下来",
  "account.next.docs": "API 文档：收件箱、客服、对话的每条命令",
  "account.next.docs.about":
    "登录用 session.login，新建收件箱用 inbox.create，邀请同事用 agent.create。",
  "account.next.cli": "在服务器上管理团队：kefu agent --help",
  "account.next.console": "打开工作台：接待访客就在这里。",

  // Why a form was refused
  "fault.required": "请填写这一项。",
  "fault.email": "请填写完整的邮箱地址，例如 li@example.com。",
  "fault.reason": "请检查这一项：{reason}",
  "fault.name": "这个名字不能用，请换一个。",
  "fault.name.taken": "已有同事用了这个名字或很像的名字，请换一个。",
  "fault.email.taken": "这个邮箱已有人使用，请换一个。",
  "fault.password.length": "密码要有 {least} 到 {most} 个字符。",
  "fault.password.typed": "密码里有无法输入的字符。",
  "fault.password.address": "密码不能是邮箱地址。",
  "fault.password.common": "这个密码太常见，别人会先试它。请换一个。",
  "fault.too-many": "尝试太多次了。请过一会儿再试。",
  "fault.unreachable": "连不上服务器，什么都没有改变。请再试一次。",
  "fault.other": "服务器拒绝了：{reason}",
};

export type TextKey = keyof typeof zh;

const en: Record<TextKey, string> = {
  "page.language": "Language",

  "setup.title": "Set up Kefu",
  "setup.lead": "Create the first admin, who then takes in the rest of the team.",
  "setup.go": "Create the admin",
  "setup.done": "Kefu is set up",
  "setup.done.about": "Hello {name}. You are the admin, and signed in.",
  "setup.missing":
    "Open the link that kefu serve prints when it starts. As long as there is no admin, each start prints a new one.",
  "setup.refused":
    "As long as there is no admin, start kefu serve again: it prints a new link. There is one already? Then sign in with your e-mail address and password.",
  "join.title": "Join the team",
  "join.lead": "Choose a password, and you can start to answer.",
  "join.go": "Join",
  "join.done": "Welcome",
  "join.done.about": "Hello {name}. You are signed in.",
  "join.missing": "Open the whole link that your admin gave you, with what follows the #.",
  "join.refused":
    "Ask an admin for a new link. If you have chosen a password already, sign in with it.",
  "reset.title": "Choose a new password",
  "reset.lead": "It signs you out everywhere else.",
  "reset.go": "Save the new password",
  "reset.done": "The new password holds",
  "reset.done.about": "Hello {name}. You are signed in here, and signed out everywhere else.",
  "reset.missing": "Open the whole link that your admin gave you, with what follows the #.",
  "reset.refused":
    "Ask an admin for a new link. If you have chosen the new password already, sign in with it.",
  "account.missing": "This page needs a one-time link",
  "account.damaged": "This link is damaged",
  "account.refused": "This link is wrong, was used, or has expired",
  "account.name": "Name",
  "account.name.hint": "Customers and colleagues see it.",
  "account.name.join":
    "Customers and colleagues see it. Leave it blank to keep the one that your admin gave you.",
  "account.email": "E-mail address",
  "account.email.hint": "You sign in with it.",
  "account.password": "Password",
  "account.password.hint": "Long is better than strange: a few words that have nothing in common.",
  "account.show": "Show the password",
  "account.hide": "Hide the password",
  "account.busy": "One moment…",
  "account.next": "What next",
  "account.next.docs": "The API's documentation: every command for inboxes, agents, conversations",
  "account.next.docs.about":
    "Sign in with session.login, make an inbox with inbox.create, take colleagues in with agent.create.",
  "account.next.cli": "Manage the team on the server: kefu agent --help",
  "account.next.console": "Open the console: chats are answered there.",

  "fault.required": "Please fill this in.",
  "fault.email": "Please enter a whole e-mail address, such as li@example.com.",
  "fault.reason": "Please check this: {reason}",
  "fault.name": "This name cannot be used. Please choose another.",
  "fault.name.taken":
    "A colleague has this name, or one that looks like it. Please choose another.",
  "fault.email.taken": "Somebody has this e-mail address already. Please enter another.",
  "fault.password.length": "The password needs {least} to {most} characters.",
  "fault.password.typed": "The password has characters that cannot be typed.",
  "fault.password.address": "The password must not be the e-mail address.",
  "fault.password.common":
    "This password is one of those that are tried first. Please choose another.",
  "fault.too-many": "Too many tries. Please wait a while and try again.",
  "fault.unreachable": "The server cannot be reached; nothing was changed. Please try again.",
  "fault.other": "The server refused: {reason}",
};

export const TEXTS: Texts<TextKey> = { "zh-CN": zh, en };
