"""What the command line says, in English and Chinese.

Rules: every text exists in both languages with the same fields (a test holds it); ``LANG`` and its
kin choose.
Not here: what the protocols say to clients (``gateways``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kefu.cli import agent_texts, backup_texts, inbox_texts, usage_texts
from kefu.core.errors import ChatError, Fault
from kefu.gateways.refusals import explain

_TEXTS: dict[str, tuple[str, str]] = {
    "app": (
        "Kefu: live support chat that you run yourself.",
        "客服 Kefu：自己运行的在线客服系统。",
    ),
    "documentation": (
        "Documentation:\n\n  {readme}\n  /api/v1/docs on a server that runs: its API",
        "文档：\n\n  {readme}\n  运行中的服务器上的 /api/v1/docs：它的 API",
    ),
    "readme": ("README.md", "README.zh-CN.md"),
    "demo": (
        "Try everything on this machine. Both tutorial protocols are on, and data is kept.",
        "试用全部功能：两个教程协议都打开，仅本机可用，数据会保存。",
    ),
    "demo_examples": (
        "Examples:\n\n  kefu demo\n  kefu demo --port 8000 --classic-port 8001\n"
        "  kefu demo --data ./chat-data",
        "示例：\n\n  kefu demo\n  kefu demo --port 8000 --classic-port 8001\n"
        "  kefu demo --data ./chat-data",
    ),
    "serve": (
        "Run in production. Safe defaults; the tutorial protocols are off unless configured.",
        "正式运行：默认安全，教程协议须在配置里打开。",
    ),
    "serve_examples": (
        "Examples:\n\n  kefu serve\n  kefu serve --config /etc/kefu.toml\n\n"
        "Every setting is explained in docs/configuration.md.",
        "示例：\n\n  kefu serve\n  kefu serve --config /etc/kefu.toml\n\n"
        "全部设置见 docs/configuration.zh-CN.md。",
    ),
    "history": (
        "Print stored conversations, also while the server runs.",
        "打印保存的对话；服务器运行时也可以。",
    ),
    "history_examples": (
        "Examples:\n\n  kefu history --limit 20\n  kefu history --with 小李\n"
        "  kefu history --json | jq .text",
        "示例：\n\n  kefu history --limit 20\n  kefu history --with 小李\n"
        "  kefu history --json | jq .text",
    ),
    "version": ("Print the version.", "打印版本号。"),
    "version_examples": ("Examples:\n\n  kefu version", "示例：\n\n  kefu version"),
    "opt_host": ("Address to listen on.", "监听地址。"),
    "opt_port": ("Port of everything.", "主端口，提供全部服务。"),
    "opt_classic_port": (
        "Second port: where the first tutorial's pages ask for a room.",
        "第二个端口：第一个教程的页面在此申请房间。",
    ),
    "opt_empty": (
        "Begin a new store without past days of conversations.",
        "新数据里不写入过去几天的对话。",
    ),
    "opt_data": (
        "Directory to keep data in.  [default: your user data directory]",
        "数据目录。[默认：用户数据目录]",
    ),
    "opt_config": ("Settings file (TOML).", "配置文件（TOML）。"),
    "opt_with": ("Only conversations with this person.", "只看与此人的对话。"),
    "opt_limit": ("Only the newest N messages.", "只看最新的 N 条消息。"),
    "opt_json": (
        "One JSON object a line: conversation, seq, sender, text, at, and what else it holds.",
        "每行一个 JSON 对象：conversation、seq、sender、text、at，以及其他内容。",
    ),
    "data_or_config": (
        "--data and --config exclude each other; give one",
        "--data 与 --config 只能给一个",
    ),
    "bad_with": ("--with: this is no name", "--with：这不是名字"),
    "bad_address": (
        "cannot listen on {host}:{port}: {reason}",
        "无法监听 {host}:{port}：{reason}",
    ),
    "port_taken": (
        "port {port} on {host} is taken; stop what uses it or choose another port",
        "{host} 的端口 {port} 已被占用；请停止占用它的程序，或换一个端口",
    ),
    "history_file": ("[file: {what}]", "［文件：{what}］"),
    "history_card": ("[card: {what}]", "［卡片：{what}］"),
    "history_choices": ("[choices: {what}]", "［选项：{what}］"),
    "history_form": ("[form: {what}]", "［表单：{what}］"),
    "history_answers": ("[answers: {what}]", "［表单回答：{what}］"),
    "history_deleted": ("[deleted]", "［已删除］"),
    "empty_history": ("No messages yet.", "还没有消息。"),
    "open_demo": (
        "Kefu {version} demo. Data: {data}. Stop with Ctrl+C.",
        "Kefu {version} 演示。数据：{data}。按 Ctrl+C 停止。",
    ),
    "demo_account": ("{role}: {email}  password: {password}", "{role}：{email}  密码：{password}"),
    "demo_shop": ("Shop: {url}", "小店：{url}"),
    "demo_pages": ("All pages: {url}", "全部页面：{url}"),
    "demo_chat": ("Chat page: {url}", "聊天页面：{url}"),
    "demo_api": ("API: {url}", "API：{url}"),
    "set_up": (
        "There is no admin yet. Make the first one at {link} (works once), or by `kefu agent add`.",
        "还没有管理员。请打开 {link} 创建第一个（只能用一次），或运行 `kefu agent add`。",
    ),
    "role_agent": ("Agent", "客服"),
    "role_supervisor": ("Supervisor", "主管"),
    "role_admin": ("Admin", "管理员"),
    "demo_exposed": (
        "warning: {host} can be reached by other machines, and the demo lets anybody use its rooms",
        "警告：其他机器可以访问 {host}，而演示模式的房间任何人都能使用",
    ),
    "error": ("error: {message}", "错误：{message}"),
    **agent_texts.TEXTS,
    **backup_texts.TEXTS,
    **inbox_texts.TEXTS,
    **usage_texts.TEXTS,
}

# What stops a command, by its English template (``core.errors.Fault``).
_FAULTS: dict[str, str] = {
    "{reason}": "{reason}",
    "{setting}: {reason}": "{setting}：{reason}",
    "unknown setting `{name}`": "没有这个设置：`{name}`",
    "line {line}, column {column}: this cannot be read as TOML; look for a quote or "
    "bracket that is missing, or a name that stands twice": (
        "第 {line} 行第 {column} 列：不是有效的 TOML；请检查是否缺少引号或括号，或有重复的名称"
    ),
    "line {line}: this is no UTF-8; save the file as UTF-8": (
        "第 {line} 行：不是 UTF-8；请把文件保存为 UTF-8"
    ),
    "the file ends too early to be TOML; look for a value, quote or bracket that is missing": (
        "文件结束得太早，不是有效的 TOML；请检查是否缺少值、引号或括号"
    ),
    "a number is too long, or lists lie too deep in each other": "数字太长，或列表嵌套太深",
    "KEFU_LIMITS: expected `on` or `off`, got `{value}`": (
        "KEFU_LIMITS：须为 `on` 或 `off`，而不是 `{value}`"
    ),
    "KEFU_LIMITS=off is for loopback; server.host is reachable by others": (
        "KEFU_LIMITS=off 只能用于本机地址；server.host 可被其他机器访问"
    ),
    "rooms.tokens: `{agent}`: {reason}": "rooms.tokens：`{agent}`：{reason}",
    "rooms.tokens: the token of `{agent}` is under {least} characters": (
        "rooms.tokens：`{agent}` 的 token 不足 {least} 个字符"
    ),
    "server.trusted_proxies: `{value}` is neither an IP address nor a network": (
        "server.trusted_proxies：`{value}` 既不是 IP 地址也不是网段"
    ),
    "{setting}: `{value}` {reason}; write https://HOST or https://HOST:PORT": (
        "{setting}：`{value}` {reason}；请写成 https://主机 或 https://主机:端口"
    ),
    "outbound.allow: `{value}` is neither HOST:PORT nor a network": (
        "outbound.allow：`{value}` 既不是 主机:端口 也不是网段"
    ),
    "{setting}: `{value}` is no e-mail address": ("{setting}：`{value}` 不是邮箱地址"),
    "{setting}: {value} is not a port (0 to 65535)": "{setting}：{value} 不是端口号（0 到 65535）",
    "{setting}: {value} must be above 0 and finite": "{setting}：{value} 须大于 0 且有限",
    "{store} is encoded in {encoding}, not in UTF8": "{store} 的编码是 {encoding}，须为 UTF8",
    "{store} holds no Kefu data yet; start the server once, or make it by "
    "kefu agent add or kefu inbox add": (
        "{store} 里还没有 Kefu 的数据；请先启动一次服务器，或用 kefu agent add、kefu inbox add 新建"
    ),
    "{store} has a table {table} of another program; give Kefu a database or schema of its own": (
        "{store} 里的表 {table} 属于别的程序；请给 Kefu 单独的数据库或 schema"
    ),
    "{source} holds no schema {schema}; restore it to a schema of its own name": (
        "{source} 里没有 schema {schema}；请恢复到原来名字的 schema"
    ),
    "{store} was written by a newer Kefu (schema {found}, this one knows {known}); "
    "install that version": (
        "{store} 由更新版本的 Kefu 写入（结构 {found}，本版本只认识 {known}）；请安装那个版本"
    ),
    "{store} was written by an older Kefu (schema {found}, this one needs {known}); "
    "start the server once to bring it up to date": (
        "{store} 由旧版本的 Kefu 写入（结构 {found}，本版本需要 {known}）；请先启动一次服务器来升级"
    ),
    "{tool} is not there; install PostgreSQL's client programs, of the server's version or newer": (
        "找不到 {tool}；请安装 PostgreSQL 的客户端程序，版本不低于服务器"
    ),
    "cannot use {store}: {reason}": "无法使用 {store}：{reason}",
    "{path}: cannot use this directory: {reason}": "{path}：无法使用此目录：{reason}",
    "{path}: another Kefu uses this directory; stop it or choose another with --data": (
        "{path}：另一个 Kefu 正在使用此目录；请先停止它，或用 --data 另选目录"
    ),
    "{store}: another Kefu server uses this store; stop it first": (
        "{store}：另一个 Kefu 服务器正在使用这个数据库；请先停止它"
    ),
    "{store}: another Kefu server has this store now, so this one ends": (
        "{store}：这个数据库现在由另一个 Kefu 服务器使用，本服务器退出"
    ),
    "what writes to the store has died, so Kefu ends; start it again": (
        "写数据库的线程已经终止，Kefu 退出；请重新启动"
    ),
    "{store} has a second name (a hard link), under which another Kefu could open it "
    "unnoticed; remove one": (
        "{store} 还有另一个名字（硬链接），另一个 Kefu 可能用它打开同一个文件而不被发现；请删去一个"
    ),
    "the database URL is not of the form sqlite:///FILE or postgresql+psycopg://HOST/NAME": (
        "数据库地址的格式须为 sqlite:///文件 或 postgresql+psycopg://主机/库名"
    ),
    "the database URL names no file; a store in memory keeps nothing": (
        "数据库地址没有指明文件；内存里的数据库什么也留不住"
    ),
    "{backend} is not supported: use SQLite or PostgreSQL": (
        "不支持 {backend}：请用 SQLite 或 PostgreSQL"
    ),
}

# What ``actions.faults`` says of a wrong value, and what the operating system says.
_REASONS: dict[str, str] = {
    r"must be an integer": "须为整数",
    r"must be a number": "须为数字",
    r"must be a text": "须为文本",
    r"must be true or false": "须为 true 或 false",
    r"must be a list": "须为列表",
    r"must be a table": "须为表",
    r"must be one of (.+)": r"须为其中之一：\1",
    r"must have at least (\d+) characters?": r"至少须有 \1 个字符",
    r"must have at most (\d+) characters?": r"最多 \1 个字符",
    r"is too long": "太长",
    r"does not begin with http:// or https://": "不是以 http:// 或 https:// 开头",
    r"does not begin with https://, http:// or an app's scheme": (
        "不是以 https://、http:// 或应用自己的协议开头"
    ),
    r"names no host": "没有有效的主机",
    r"has more than a host and a port": "除主机和端口外还有别的内容",
    r"has a port that is none": "的端口无效",
    r"Address already in use": "地址已被占用",
    r"Cannot assign requested address": "这台机器没有这个地址",
    r"File exists": "同名文件已存在",
    r"Invalid argument": "无效的位置",
    r"Is a directory": "这是目录，不是文件",
    r"Name or service not known": "找不到这个主机名",
    r"No such file or directory": "没有这个文件或目录",
    r"Not a directory": "不是目录",
    r"Permission denied": "没有权限",
    r"no answer in time": "没有及时应答",
    r"Read-only file system": "文件系统只读",
    **agent_texts.REASONS,
    **inbox_texts.REASONS,
}

# Typer's own words in a help page.
_HELP = {
    "Usage:": "用法：",
    "Options:": "选项：",
    "Arguments:": "参数：",
    "[required]": "[必填]",
    "Commands:": "命令：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]…",
    "[default: ": "[默认：",
    "Show this message and exit.": "显示帮助并退出。",
}
_RANGE = re.compile(r"(?<!\s)\s++\[\d+<=x<=\d+\]")


def is_chinese(env: Mapping[str, str]) -> bool:
    """Whether the environment asks for Chinese (POSIX order: LC_ALL, LC_MESSAGES, LANG)."""
    chosen = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return chosen.lower().startswith("zh")


class Texts:
    """The texts of one language."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._language = 1 if is_chinese(env) else 0

    def __call__(self, key: str, **values: object) -> str:
        """The text ``key`` with its fields filled in."""
        return _TEXTS[key][self._language].format(**values)

    def fault(self, fault: Fault) -> str:
        """Why the command cannot run, as one line."""
        if not self._language:
            return str(fault)
        fields = {name: self.reason(value) for name, value in fault.fields.items()}
        return fault.said(_FAULTS[fault.template], fields)

    def reason(self, reason: object) -> object:
        """What another library or the system said, in this language if it is known."""
        if not self._language:
            return reason
        if isinstance(reason, ChatError):
            return explain(reason)
        for english, chinese in _REASONS.items():
            if found := re.fullmatch(english, str(reason)):
                return found.expand(chinese)
        return reason

    def help(self, page: str) -> str:
        """A help page of Typer's with its own words in this language, and without ranges."""
        page = _RANGE.sub("", page)
        for english, chinese in _HELP.items() if self._language else ():
            page = page.replace(english, chinese)
        return page
