"""The words of letters in each language.

Rules: every language has the same texts with the same fields (a test holds it).
"""

from __future__ import annotations

from collections.abc import Mapping

Texts = Mapping[str, str]

TEXTS: Mapping[str, Texts] = {
    "en": {
        "language": "en",
        "transcript_subject": "Your conversation with {inbox}",
        "transcript_opening": "This is your conversation with {inbox}.",
        "answer_subject": "{inbox} has answered you",
        "answer_opening": "{inbox} has answered you while you were away.",
        "team_subject": "Chats that wait for an answer: {count}",
        "team_opening": "Nobody is there to answer, and this waits:",
        "team_more": "And others that wait: {count}.",
        "team_open": "Open it in the console",
        "team_off": "You asked for these letters; the console's preferences switch them off.",
        "left_out": "Earlier messages are left out here: {count}.",
        "file": "File: {name}",
        "continue": "Continue the conversation",
        "unread": "Answers to this letter are not read.",
        "contact": "Visitor",
        "agent": "Agent",
        "bot": "Bot",
        "system": "System",
    },
    "zh-CN": {
        "language": "zh-CN",
        "transcript_subject": "您与 {inbox} 的对话记录",
        "transcript_opening": "以下是您与 {inbox} 的对话。",
        "answer_subject": "{inbox} 回复了您",
        "answer_opening": "您离开期间，{inbox} 回复了您。",
        "team_subject": "有 {count} 个对话在等候回复",
        "team_opening": "现在没有人在线，这些对话在等候：",
        "team_more": "另外还有 {count} 个在等候。",
        "team_open": "在控制台中打开",
        "team_off": "您开启了这类邮件；可以在控制台的偏好设置里关闭。",
        "left_out": "此处省略了更早的 {count} 条消息。",
        "file": "文件：{name}",
        "continue": "继续对话",
        "unread": "请勿直接回复此邮件，回信无人查看。",
        "contact": "访客",
        "agent": "客服",
        "bot": "机器人",
        "system": "系统",
    },
}
