"""What ``kefu agent`` says, in English and Chinese; part of ``cli.texts``."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "agent": (
        "Add, list, change and let go who works at the desk. Also while the server runs.",
        "客服人员：添加、查看、修改、停用；服务器运行时也可以。",
    ),
    "agent_add": (
        "Add somebody to the team. Asks for a password, unless told otherwise.",
        "添加一个人。默认会询问密码。",
    ),
    "agent_add_examples": (
        "Examples:\n\n  kefu agent add li@example.com --name 李雷 --role admin\n"
        "  kefu agent add ann@example.com --name Ann --inbox Website --link\n"
        "  kefu agent add eve@example.com --name Eve --link --url https://chat.example.com\n"
        '  echo "$PASSWORD" | kefu agent add ben@example.com --name Ben --password-stdin\n'
        "  kefu agent add --name Echo --role bot",
        "示例：\n\n  kefu agent add li@example.com --name 李雷 --role admin\n"
        "  kefu agent add ann@example.com --name Ann --inbox 网站 --link\n"
        "  kefu agent add eve@example.com --name Eve --link --url https://chat.example.com\n"
        '  echo "$PASSWORD" | kefu agent add ben@example.com --name Ben --password-stdin\n'
        "  kefu agent add --name Echo --role bot",
    ),
    "agent_list": ("List the team, those who left included.", "列出所有人，包括已停用的。"),
    "agent_list_examples": (
        "Examples:\n\n  kefu agent list\n  kefu agent list --json | jq .email",
        "示例：\n\n  kefu agent list\n  kefu agent list --json | jq .email",
    ),
    "agent_role": ("Change what somebody may do.", "修改一个人的角色。"),
    "agent_role_examples": (
        "Examples:\n\n  kefu agent role li@example.com supervisor",
        "示例：\n\n  kefu agent role li@example.com supervisor",
    ),
    "agent_password": (
        "Set somebody's password; their sessions end.",
        "重设一个人的密码，并结束其所有登录。",
    ),
    "agent_password_examples": (
        "Examples:\n\n  kefu agent password li@example.com\n"
        "  kefu agent password li@example.com --link\n"
        '  echo "$PASSWORD" | kefu agent password li@example.com --password-stdin',
        "示例：\n\n  kefu agent password li@example.com\n"
        "  kefu agent password li@example.com --link\n"
        '  echo "$PASSWORD" | kefu agent password li@example.com --password-stdin',
    ),
    "agent_deactivate": (
        "Let somebody go, at once. They are signed out and disconnected, and their open chats are "
        "queued again.",
        "停用一个人：立即退出登录并断开，其进行中的会话重新排队。",
    ),
    "agent_deactivate_examples": (
        "Examples:\n\n  kefu agent deactivate li@example.com",
        "示例：\n\n  kefu agent deactivate li@example.com",
    ),
    "arg_email": (
        "What they sign in with; a bot has none.",
        "登录用的邮箱；机器人没有。",
    ),
    "arg_who": ("E-mail address, name, or number.", "邮箱、名字或编号。"),
    "arg_role": ("agent, supervisor or admin.", "agent、supervisor 或 admin。"),
    "opt_name": ("What visitors see.", "访客看到的名字。"),
    "opt_role": (
        "bot, agent, supervisor or admin.  [default: agent]",
        "bot、agent、supervisor 或 admin。[默认：agent]",
    ),
    "opt_inbox": (
        "Inbox they work in: name, widget key, or number; may be repeated. Admins see all.",
        "所在收件箱的名称、组件密钥或编号，可重复。管理员能看到全部。",
    ),
    "opt_password_stdin": (
        "Read the password from the first line of standard input.",
        "从标准输入的第一行读取密码。",
    ),
    "opt_link": (
        "Print a link, which works once, for them to choose a password.",
        "打印一个一次性链接，由对方自己设置密码。",
    ),
    "opt_url": (
        "What the link begins with.  [default: server.public_url, or where the server is]",
        "链接的开头。[默认：server.public_url，或服务器所在的地址]",
    ),
    "bad_url": (
        "--url: {url} {reason}; write https://HOST or https://HOST:PORT",
        "--url：{url} {reason}；请写成 https://主机 或 https://主机:端口",
    ),
    "url_without_link": ("--url is for --link; give both", "--url 只与 --link 一起使用"),
    "opt_agents_json": (
        "One JSON object a line: id, name, email, role, active, inboxes.",
        "每行一个 JSON 对象：id、name、email、role、active、inboxes。",
    ),
    "email_but_bots": (
        "give an e-mail address; only a bot has none",
        "请给出邮箱；只有机器人没有邮箱",
    ),
    "link_or_password": (
        "--link and --password-stdin exclude each other; give one",
        "--link 与 --password-stdin 只能给一个",
    ),
    "no_terminal": (
        "no terminal to ask for the password at; use --password-stdin or --link",
        "没有终端可以询问密码；请用 --password-stdin 或 --link",
    ),
    "password": ("Password: ", "密码："),
    "password_again": ("Once more: ", "再输一次："),
    "not_the_same": ("the two passwords are not the same", "两次输入的密码不同"),
    "agent_added": ("{role} {name} is number {id}.", "已添加{role} {name}，编号 {id}。"),
    "agent_changed": ("{name} is {role} now.", "{name} 现在是{role}。"),
    "agent_link": (
        "Whoever opens this link chooses the password of {name}; it works once.",
        "打开此链接即可设置 {name} 的密码，只能用一次。",
    ),
    "agent_has_password": (
        "{name} has another password; all sessions ended.",
        "{name} 的密码已更改，所有登录已结束。",
    ),
    "agent_gone": (
        "{name} has left; all sessions ended.",
        "{name} 已停用，所有登录已结束。",
    ),
    "bot_signs_in_nowhere": (
        "a bot has no password: --link and --password-stdin are not for it; make it an API token",
        "机器人没有密码，不能用 --link 或 --password-stdin；请为它建立 API 令牌",
    ),
    "agent_columns": ("id\trole\tname\te-mail\tstate", "编号\t角色\t名字\t邮箱\t状态"),
    "agent_active": ("active", "在职"),
    "agent_left": ("left", "已停用"),
    "role_bot": ("Bot", "机器人"),
    "role_admin": ("Admin", "管理员"),
    "bad_words": (
        "a word of the command has characters that cannot be kept",
        "命令里有无法保存的字符",
    ),
    "no_such_agent": (
        "there is nobody called {who}; see kefu agent list",
        "没有 {who} 这个人；请看 kefu agent list",
    ),
    "several_look_so": (
        "{called} could be any of these: {names}; write one as it is written, or its number",
        "{called} 可能是这几个之一：{names}；请照原样写名字，或写编号",
    ),
    "gone": ("it is not there any more", "已经不存在"),
}

# What the server's own rules say of a wrong word.
REASONS: dict[str, str] = {
    r"Another agent has this name, or one that looks the same\.": (
        "已有人使用这个名字，或看起来相同的名字"
    ),
    r"name: nothing of it can be seen": "名字里没有可见的字符",
    r"email: another agent has it": "已有人使用这个邮箱",
    r"email: not an e-mail address": "这不是邮箱地址",
    r"email: too long": "邮箱地址过长",
    r"password: (\d+) to (\d+) characters": r"密码须为 \1 到 \2 个字符",
    r"password: has characters that cannot be typed": "密码含有无法输入的字符",
    r"password: must not be the e-mail address": "密码不能是邮箱地址",
    r"password: is one of those that are tried first": "密码太容易被猜到",
    r"This is the last active admin\.": "这是最后一个在职的管理员",
    r"A bot stays one, and nobody becomes one\.": "机器人与人不能互相转换",
    r"Whoever has no e-mail address has no password\.": "没有邮箱的人没有密码",
    r"The store cannot write now; nothing was stored and nobody else saw it\. Try again\.": (
        "数据库现在无法写入，什么也没有保存，请稍后再试"
    ),
    r"The store cannot be used now\. Try again\.": "数据库现在不可用，请稍后再试",
    (
        r"It is not known if this was stored\. "
        r"A repeat under its client_id or key is stored once\."
    ): "不确定是否已经保存，请先查看（kefu agent list）",
}
