"""What ``kefu backup`` and ``kefu restore`` say, in English and Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "backup": (
        "Copy all that is kept, also while the server runs. That is the database and the files.",
        "备份保存的全部数据（数据库和文件）；服务器运行时也可以。",
    ),
    "backup_examples": (
        "Examples:\n\n  kefu backup /var/backups/kefu-$(date +%F).tar\n"
        "  kefu backup ./before-upgrade --config /etc/kefu.toml\n"
        "  kefu backup - | ssh backup.example 'cat > kefu.tar'",
        "示例：\n\n  kefu backup /var/backups/kefu-$(date +%F).tar\n"
        "  kefu backup ./before-upgrade --config /etc/kefu.toml\n"
        "  kefu backup - | ssh backup.example 'cat > kefu.tar'",
    ),
    "arg_dest": (
        "A new folder, a new file that ends in .tar, or - for standard output.",
        "新的目录、以 .tar 结尾的新文件，或 - 表示标准输出。",
    ),
    "restore": (
        "Put a backup in the place of what is kept. The server must be stopped.",
        "用备份恢复数据；须先停止服务器。",
    ),
    "restore_examples": (
        "Examples:\n\n  kefu restore /var/backups/kefu-2026-11-29.tar\n"
        "  kefu restore ./before-upgrade --replace --config /etc/kefu.toml",
        "示例：\n\n  kefu restore /var/backups/kefu-2026-11-29.tar\n"
        "  kefu restore ./before-upgrade --replace --config /etc/kefu.toml",
    ),
    "arg_source": (
        "What kefu backup made: a folder, a .tar file, or - for standard input.",
        "kefu backup 生成的目录、.tar 文件，或 - 表示标准输入。",
    ),
    "opt_replace": (
        "Move data that is there aside, into a folder beside it.",
        "把现有数据移到旁边的目录里。",
    ),
    "backup_files": ("Copying files ...", "正在复制文件……"),
    "backup_database": ("Copying the database ...", "正在复制数据库……"),
    "backup_made": (
        "{target}: {entries} messages and events, {files} files, {mb} MB, as of {made_at}",
        "{target}：{entries} 条消息与事件，{files} 个文件，{mb} MB，时间 {made_at}",
    ),
    "backup_misses": (
        "warning: {count} files that messages name are not in the data directory",
        "警告：消息里提到的 {count} 个文件不在数据目录中",
    ),
    "backup_exists": (
        "{path} is there already; name a new one, a backup replaces nothing",
        "{path} 已存在；请另取名字，备份不会覆盖任何东西",
    ),
    "backup_stdout": ("Standard output", "标准输出"),
    "backup_form": (
        "{path}: a backup is a folder or a .tar file; to compress it, send it on: "
        "kefu backup - | gzip > FILE.tar.gz",
        "{path}：备份是目录或 .tar 文件；要压缩请用管道：kefu backup - | gzip > 文件.tar.gz",
    ),
    "backup_under_way": (
        "{path}: another backup is being written here; wait for it",
        "{path}：这里正在写另一个备份；请等它结束",
    ),
    "backup_terminal": (
        "- writes the backup to standard output, which is a terminal; send it into a file",
        "- 会把备份写到标准输出，而它现在是终端；请重定向到文件",
    ),
    "backup_failed": ("{path}: {reason}", "{path}：{reason}"),
    "backup_cut": (
        "a file became shorter while it was copied",
        "复制时文件变短了",
    ),
    "restore_taken": (
        "{path} holds data; say --replace to move it aside",
        "{path} 里已有数据；加上 --replace 可把它移到一边",
    ),
    "restore_no_backup": (
        "{source}: not a whole backup; its last part, kefu-backup.json, is missing",
        "{source}：不是完整的备份，缺少最后的 kefu-backup.json",
    ),
    "restore_no_tar": (
        "{source}: not a whole backup; it is no .tar file, or a part of it is missing",
        "{source}：不是完整的备份；它不是 .tar 文件，或缺少一部分",
    ),
    "restore_damaged": (
        "{source}: {part} is not as it was backed up; use another backup",
        "{source}：{part} 与备份时不一致；请换一个备份",
    ),
    "restore_newer": (
        "{source} was made by Kefu {version}, which this one cannot read; install that version",
        "{source} 由 Kefu {version} 生成，本版本无法读取；请安装那个版本",
    ),
    "restore_other_kind": (
        "{source} holds a store of {kind}, and the settings name another kind of database",
        "{source} 里是 {kind} 的数据，而配置指定了另一种数据库",
    ),
    "restore_done": (
        "{path} is as it was on {made_at}: {entries} messages and events, {files} files, {mb} MB",
        "{path} 已恢复到 {made_at}：{entries} 条消息与事件，{files} 个文件，{mb} MB",
    ),
    "restore_aside": (
        "What was there before is in {path}",
        "原来的数据在 {path}",
    ),
    "restore_next": (
        "Start the server. Pages and programs that come back are told that something is gone.\n"
        "Sessions, tokens, passwords and blocked contacts are as they were then: what was ended, "
        "changed or blocked since has to be again.",
        "现在可以启动服务器。重新连接的网页和程序会得知有内容丢失。\n"
        "登录、令牌、密码和被屏蔽的联系人都回到当时的样子：之后结束、更改或屏蔽的，需要再做一次。",
    ),
    "restore_nothing": (
        "SOURCE is empty; name a folder, a .tar file, or - for standard input",
        "SOURCE 是空的；请指定目录、.tar 文件，或 - 表示标准输入",
    ),
    "restore_apart": (
        "{path} is a disk of its own, or on another than {data}; a restore moves files within one "
        "disk only: put the whole data directory on one",
        "{path} 自成一个磁盘，或与 {data} 不在同一个磁盘上；恢复只能在同一个磁盘内移动文件："
        "请把整个数据目录放在一个磁盘上",
    ),
    "restore_undone": (
        "{reason}; nothing is restored, and everything is as it was",
        "{reason}；没有恢复，一切保持原样",
    ),
    "restore_again": (
        "{reason}; the restore is cut off: run the same command again",
        "{reason}；恢复中途停止：请再运行一次同样的命令",
    ),
    "restore_stopped": (
        "{reason}; the restore is cut off: run the same command again, or go back to what was "
        "there: kefu restore {path}, with the same options",
        "{reason}；恢复中途停止：请再运行一次同样的命令；要退回原来的数据，请用同样的选项运行 "
        "kefu restore {path}",
    ),
    "restore_cut": (
        "{path}: a restore was cut off; run the same `kefu restore` again before anything else",
        "{path}：上次恢复中途中断；请先再运行一次同样的 `kefu restore`",
    ),
}
