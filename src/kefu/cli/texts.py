"""What the command line says, in English and Chinese.

Rules: every text exists in both languages with the same fields (a test holds it); ``LANG`` and its
kin choose.
Not here: what the protocols say to clients (``gateways``).
"""

from __future__ import annotations

from collections.abc import Mapping

_TEXTS: dict[str, tuple[str, str]] = {
    "app": (
        "Kefu: live support chat that you run yourself.",
        "客服 Kefu：自己运行的在线客服系统。",
    ),
    "demo": (
        "Try everything: both tutorial protocols on, open to this machine, data kept.",
        "试用全部功能：两个教程协议都打开，仅本机可用，数据会保存。",
    ),
    "demo_examples": (
        "Examples:\n\n  kefu demo\n  kefu demo --port 8000 --classic-port 8001\n"
        "  kefu demo --data ./chat-data",
        "示例：\n\n  kefu demo\n  kefu demo --port 8000 --classic-port 8001\n"
        "  kefu demo --data ./chat-data",
    ),
    "serve": (
        "Run in production: safe defaults, tutorial protocols off unless configured.",
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
    "opt_host": ("Address to listen on.", "监听地址。"),
    "opt_port": ("Port of everything.", "主端口，提供全部服务。"),
    "opt_classic_port": (
        "Second port: where the first tutorial's pages ask for a room.",
        "第二个端口：第一个教程的页面在此申请房间。",
    ),
    "opt_data": (
        "Directory to keep data in.  [default: your user data directory]",
        "数据目录。[默认：用户数据目录]",
    ),
    "opt_config": ("Settings file (TOML).", "配置文件（TOML）。"),
    "opt_with": ("Only conversations with this person.", "只看与此人的对话。"),
    "opt_limit": ("Only the newest N messages.", "只看最新的 N 条消息。"),
    "opt_json": (
        "One JSON object a line: conversation, seq, sender, text, at.",
        "每行一个 JSON 对象：conversation、seq、sender、text、at。",
    ),
    "opt_help": ("Show this and exit.", "显示帮助并退出。"),
    "data_or_config": (
        "--data and --config exclude each other; give one",
        "--data 与 --config 只能给一个",
    ),
    "bad_data": ("{path}: cannot use this directory: {reason}", "{path}：无法使用此目录：{reason}"),
    "data_in_use": (
        "{path}: another Kefu uses this directory; stop it or choose another with --data",
        "{path}：另一个 Kefu 正在使用此目录；请先停止它，或用 --data 另选目录",
    ),
    "bad_address": (
        "cannot listen on {host}:{port}: {reason}",
        "无法监听 {host}:{port}：{reason}",
    ),
    "port_taken": (
        "port {port} on {host} is taken; stop what uses it or choose another port",
        "{host} 的端口 {port} 已被占用；请停止占用它的程序，或换一个端口",
    ),
    "no_history": ("{path}: no conversations are kept here", "{path}：这里没有保存的对话"),
    "empty_history": ("No messages yet.", "还没有消息。"),
    "open_demo": (
        "Kefu {version} demo. Open {url} in a browser: one page as the agent, one as the visitor.\n"
        "Data: {data}. Stop with Ctrl+C.",
        "Kefu {version} 演示。用浏览器打开 {url}：一页当客服，一页当用户。\n"
        "数据：{data}。按 Ctrl+C 停止。",
    ),
    "demo_exposed": (
        "warning: {host} can be reached by other machines, and the demo asks nobody for a password",
        "警告：其他机器可以访问 {host}，而演示模式不需要任何密码",
    ),
    "no_such_option": ("no such option: {name}", "没有这个选项：{name}"),
    "bad_usage": ("{reason}", "用法不对：{reason}"),
    "try_help": ("Try: kefu --help", "请看：kefu --help"),
    "error": ("error: {message}", "错误：{message}"),
}


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
