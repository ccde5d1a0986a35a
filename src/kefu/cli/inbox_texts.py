"""What ``kefu inbox`` says, in English and Chinese; part of ``cli.texts``."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "inbox": (
        "Add, list, show and change where conversations come in. Also while the server runs.",
        "收件箱：添加、查看、修改；服务器运行时也可以。",
    ),
    "inbox_add": (
        "Make an inbox with a widget key of its own, for a web site.",
        "为一个网站新建收件箱，并得到它的组件密钥。",
    ),
    "inbox_add_examples": (
        "Examples:\n\n  kefu inbox add Shop --origin https://shop.example.com\n"
        "  kefu inbox add Shop --agent ann@example.com --agent Ben\n"
        "  kefu inbox add 商店 --locale zh-CN",
        "示例：\n\n  kefu inbox add 商店 --locale zh-CN --origin https://shop.example.com\n"
        "  kefu inbox add 商店 --agent ann@example.com --agent 李雷",
    ),
    "inbox_list": (
        "List the inboxes, those that take no visitors included.",
        "列出所有收件箱，包括已停用的。",
    ),
    "inbox_list_examples": (
        "Examples:\n\n  kefu inbox list\n  kefu inbox list --json | jq -r .widget_key",
        "示例：\n\n  kefu inbox list\n  kefu inbox list --json | jq -r .widget_key",
    ),
    "inbox_show": (
        "Print an inbox: its widget key, its pages, who works in it.",
        "打印一个收件箱：组件密钥、网页、客服。",
    ),
    "inbox_show_examples": (
        "Examples:\n\n  kefu inbox show Shop\n  kefu inbox show wk_3f9Xq2 --json",
        "示例：\n\n  kefu inbox show 商店\n  kefu inbox show wk_3f9Xq2 --json",
    ),
    "inbox_set": (
        "Change an inbox. What no option names stays as it is.",
        "修改一个收件箱。没有提到的保持不变。",
    ),
    "inbox_set_examples": (
        "Examples:\n\n  kefu inbox set Shop --name Store --locale zh-CN\n"
        "  kefu inbox set Shop --add-origin https://www.example.com\n"
        "  kefu inbox set Shop --add-agent ann@example.com --remove-agent Ben\n"
        "  kefu inbox set Shop --accent '#0b6bcb' --theme dark --logo logo.png\n"
        "  kefu inbox set Shop --inactive",
        "示例：\n\n  kefu inbox set 商店 --name 网店 --locale zh-CN\n"
        "  kefu inbox set 商店 --add-origin https://www.example.com\n"
        "  kefu inbox set 商店 --add-agent ann@example.com --remove-agent 李雷\n"
        "  kefu inbox set 商店 --accent '#0b6bcb' --theme dark --logo logo.png\n"
        "  kefu inbox set 商店 --inactive",
    ),
    "arg_inbox_name": (
        "What it is called; no two may look the same.",
        "名称，不能与别的看起来相同。",
    ),
    "arg_inbox": (
        "Name, widget key, or number; a name that is a number comes first.",
        "名称、组件密钥或编号；名称本身是数字时，名称优先。",
    ),
    "opt_origin": (
        "Web site that may use the widget, as https://HOST; may be repeated.",
        "可以使用组件的网站，写成 https://主机，可重复。",
    ),
    "opt_works": (
        "Who works in it, by e-mail address, name, or number; may be repeated.",
        "在此工作的客服，邮箱、名字或编号，可重复。",
    ),
    "opt_locale": (
        "Language of visitors whose page names none: en or zh-CN.",
        "网页没有指明语言时用的语言：en 或 zh-CN。",
    ),
    "opt_new_name": ("Another name.", "新的名称。"),
    "opt_add_origin": (
        "One more web site, as https://HOST; may be repeated.",
        "增加一个网站，写成 https://主机，可重复。",
    ),
    "opt_remove_origin": (
        "A web site that may not any more; may be repeated.",
        "去掉一个网站，可重复。",
    ),
    "opt_add_agent": (
        "Who works in it, too: e-mail address, name, or number; may be repeated.",
        "增加一位客服：邮箱、名字或编号，可重复。",
    ),
    "opt_remove_agent": (
        "Who does not any more; what they had open is queued again. May be repeated.",
        "去掉一位客服，其进行中的会话重新排队。可重复。",
    ),
    "opt_active": (
        "Take visitors, or take none; what was said stays.",
        "接待访客，或不再接待；已有的对话保留。",
    ),
    "opt_accent": ("The widget's colour, as #2f6b5b.", "组件的颜色，写成 #2f6b5b。"),
    "opt_position": (
        "Where the widget stands: right or left.",
        "组件的位置：right（右）或 left（左）。",
    ),
    "opt_theme": (
        "The widget is light or dark, or as the page (host).",
        "组件的明暗：light、dark，或随网页（host）。",
    ),
    "opt_logo": (
        "The widget's logo: a PNG, JPEG, WebP, GIF or BMP; a small copy is kept.",
        "组件的标志：PNG、JPEG、WebP、GIF 或 BMP 图片；保存的是缩小的副本。",
    ),
    "opt_no_logo": ("No logo.", "不要标志。"),
    "two_logos": (
        "--logo and --no-logo exclude each other; leave one out",
        "--logo 和 --no-logo 不能同时使用；请去掉一个",
    ),
    "no_logo_file": (
        "cannot read the logo {path}: {reason}",
        "无法读取标志 {path}：{reason}",
    ),
    "logo_too_large": (
        "the logo {path} is larger than limits.file_bytes allows ({most} bytes); make it smaller",
        "标志 {path} 超过 limits.file_bytes 的上限（{most} 字节）；请改用较小的图片",
    ),
    "opt_inboxes_json": (
        "One JSON object a line: id, name, kind, widget_key, active, locale, origins, look,"
        " agents.",
        "每行一个 JSON 对象：id、name、kind、widget_key、active、locale、origins、look、agents。",
    ),
    "inbox_added": (
        "{name} is number {id}; its widget key: {widget_key}\nChat page: {page}",
        "已添加 {name}，编号 {id}，组件密钥：{widget_key}\n聊天页面：{page}",
    ),
    "inbox_shown": (
        "{name}\nnumber: {id}\nwidget key: {widget_key}\nchat page: {page}\nstate: {state}\n"
        "language: {locale}\nlook: {look}\nweb sites: {origins}\nagents: {agents}",
        "{name}\n编号：{id}\n组件密钥：{widget_key}\n聊天页面：{page}\n状态：{state}\n"
        "语言：{locale}\n外观：{look}\n网站：{origins}\n客服：{agents}",
    ),
    "widget": (
        "Print the line that puts a widget into a site's pages.",
        "打印把收件箱的组件放进网页的那一行代码。",
    ),
    "widget_examples": (
        "Examples:\n\n  kefu widget Shop\n  kefu widget Shop --pinned\n"
        "  kefu widget wk_3f9Xq2 --url https://chat.example.com",
        "示例：\n\n  kefu widget 商店\n  kefu widget 商店 --pinned\n"
        "  kefu widget wk_3f9Xq2 --url https://chat.example.com",
    ),
    "opt_pinned": (
        "Name the newest released loader by its hash, for pages that load nothing else.",
        "按散列值引用最新发布的加载脚本，供只允许已知脚本的网页使用。",
    ),
    "opt_widget_url": (
        "Where browsers find the server.  [default: server.public_url, or where the server is]",
        "浏览器访问服务器的地址。[默认：server.public_url，或服务器所在的地址]",
    ),
    "opt_widget_json": (
        "One JSON object: widget_key, src, integrity if --pinned, html, origins.",
        "一个 JSON 对象：widget_key、src、integrity（用 --pinned 时）、html、origins。",
    ),
    "widget_has_none": (
        "{name} is the tutorials' inbox and has no widget; see kefu inbox list",
        "{name} 是教程协议的收件箱，没有组件；请看 kefu inbox list",
    ),
    "widget_no_loader": (
        "this Kefu has no released loader; leave out --pinned",
        "这个 Kefu 里没有已发布的加载脚本；请去掉 --pinned",
    ),
    "widget_no_site": (
        "{name} has no web site yet, so its widget shows on Kefu's own pages alone; "
        "add one: kefu inbox set {widget_key} --add-origin https://HOST",
        "{name} 还没有网站，组件只在 Kefu 自己的网页上显示；"
        "请添加：kefu inbox set {widget_key} --add-origin https://主机",
    ),
    "widget_no_frame": (
        "{origin} cannot show the widget: browsers have no rule for a host with an underscore "
        "or an IPv6 address",
        "{origin} 不能显示组件：浏览器的规则写不出带下划线的主机和 IPv6 地址",
    ),
    "widget_inactive": (
        "{name} takes no visitors, so there is no widget; change that: kefu inbox set {widget_key} "
        "--active",
        "{name} 已停用，组件不会出现；请启用：kefu inbox set {widget_key} --active",
    ),
    "widget_local": (
        "only this machine finds a server at {home}; set server.public_url, or give --url",
        "只有这台机器能访问 {home}；请设置 server.public_url，或用 --url 给出地址",
    ),
    "inbox_columns": ("id\tname\twidget key\tstate", "编号\t名称\t组件密钥\t状态"),
    "inbox_active": ("active", "接待中"),
    "inbox_inactive": ("inactive", "已停用"),
    "none": ("none", "无"),
    "no_inbox_called": (
        "there is no inbox with this name, widget key or number: {called}; see kefu inbox list",
        "没有这个名称、组件密钥或编号的收件箱：{called}；请看 kefu inbox list",
    ),
    "bad_origin": (
        "{origin} {reason}; write https://HOST or https://HOST:PORT",
        "{origin} {reason}；请写成 https://主机 或 https://主机:端口",
    ),
    "no_such_origin": (
        "{name} has no web site {origin}; see kefu inbox show",
        "{name} 没有网站 {origin}；请看 kefu inbox show",
    ),
    "not_in_inbox": (
        "{who} does not work in {name}; see kefu inbox show",
        "{who} 不在 {name}；请看 kefu inbox show",
    ),
    "bot_of_inbox": (
        "{who} is the bot of {name} and stays in it",
        "{who} 是 {name} 的机器人，不能去掉",
    ),
    "inbox_too_much": (
        "an inbox has at most 50 web sites and 1,000 agents, and its name at most 1,000 characters",
        "一个收件箱最多 50 个网站、1000 位客服，名称最多 1000 个字符",
    ),
    "inbox_bad_field": ("{field}: {reason}", "{field}：{reason}"),
    "nothing_to_set": (
        "say what is to change, such as --name or --add-origin",
        "请说明要修改什么，例如 --name 或 --add-origin",
    ),
}

# What the server's own rules say of a wrong word.
REASONS: dict[str, str] = {
    r"name: another inbox has it, or one that looks the same": (
        "已有收件箱使用这个名称，或看起来相同的名称"
    ),
    r"settings\.look\.accent: must be a colour, such as (.+)": r"颜色须写成如 \1 的形式",
    r"The logo has to be a picture: .+": "标志必须是图片：PNG、JPEG、WebP、GIF 或 BMP",
    r"The rooms protocol's inbox is always there\.": "教程协议的收件箱总是在",
}
