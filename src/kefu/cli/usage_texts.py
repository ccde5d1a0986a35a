"""What is said of words that make no command, in English and Chinese; part of ``cli.texts``."""

TEXTS: dict[str, tuple[str, str]] = {
    "no_such_option": ("there is no option {name}", "没有选项 {name}"),
    "no_such_option_but": (
        "there is no option {name}; did you mean {near}?",
        "没有选项 {name}；是不是 {near}？",
    ),
    "no_such_command": ("there is no command `{name}`", "没有命令 `{name}`"),
    "no_such_command_but": (
        "there is no command `{name}`; did you mean `{near}`?",
        "没有命令 `{name}`；是不是 `{near}`？",
    ),
    "no_command": ("no command is named", "没有给出命令"),
    "missing_word": ("{name} is missing; write {usage}", "缺少 {name}；请写 {usage}"),
    "extra_words": (
        "too many words: {words}; write {usage}, and quote what belongs together",
        "多余的参数：{words}；请写 {usage}，属于一起的内容请加引号",
    ),
    "value_missing": ("a value is missing; write {usage}", "缺少值；请写 {usage}"),
    "value_not_taken": (
        "{name} takes no value; write {name} alone",
        "{name} 不带值；请只写 {name}",
    ),
    "value_no_number": (
        "{name}: {value} is no whole number; write one, such as {example}",
        "{name}：{value} 不是整数；请写一个整数，例如 {example}",
    ),
    "value_below": (
        "{name}: {value} is too small; write {bound} or more",
        "{name}：{value} 太小；不能小于 {bound}",
    ),
    "value_above": (
        "{name}: {value} is too big; write {bound} or less",
        "{name}：{value} 太大；不能大于 {bound}",
    ),
    "value_no_choice": (
        "{name}: {value} is none of {choices}; write one of them",
        "{name}：{value} 不是 {choices} 之一；请写其中一个",
    ),
    "value_bad": ("{name}: {value} cannot be used", "{name}：不能使用 {value}"),
    "try_help": ("Try: {command} --help", "请看：{command} --help"),
}
