"""Settings: the TOML file and the environment, read here and nowhere else.

Rules: a misspelt key or a value of the wrong type is an error that names it, never ignored. The
defaults are safe for production: loopback, tutorial protocols off. Every setting stands in
docs/configuration.md (a test holds it).
Environment: ``KEFU_LIMITS=off`` (rates per connection and limits per address off, for benches on
loopback), ``KEFU_STORAGE_URL`` (a database URL, so that its password need not be in a file).
"""

from __future__ import annotations

import ipaddress
import math
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec
import platformdirs

from kefu.actions.faults import UNKNOWN_FIELD, words_of
from kefu.core.errors import BadInput, BadName, Fault
from kefu.core.limits import Limits
from kefu.core.names import clean_name
from kefu.core.urls import read_allowed
from kefu.net.clients import Proxies
from kefu.net.origins import ANY, BadOrigin, normal_home, normal_origin
from kefu.outbound.mail import MailServer, check_address

STORAGE_URL = "KEFU_STORAGE_URL"
MIN_TOKEN_CHARS = 16
_LOOPBACK = ("127.0.0.0/8", "::1/128")
_MAY_BE_ZERO = {
    "server.port",
    "server.classic_port",
    "limits.connections",
    "limits.connections_per_address",
}  # 0 has a meaning


class ConfigError(Fault):
    """A setting that cannot be used; the line names it."""


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to listen, and how long a silent peer is believed."""

    host: str = "127.0.0.1"
    port: int = 3000
    classic_port: int = 0  # the first tutorial's HTTP port, beside the main one; 0 = none
    public_url: str = ""  # how browsers reach the server, for links in mail; "" = no such links
    trusted_proxies: tuple[str, ...] = ()  # addresses, networks: their X-Forwarded-For is believed
    ping_interval_s: float = 20.0
    ping_timeout_s: float = 20.0


class Storage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where everything is kept."""

    data: str = ""  # directory; "" = the user's data directory
    url: str = ""  # SQLAlchemy URL; "" = the file kefu.db in ``data``
    lock_wait_s: float = 3.0  # for another writer, before a send is refused
    deadline_s: float = 8.0  # for an answer, before whoever waits is refused


class Rooms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first tutorial's protocol."""

    enabled: bool = False
    hold_s: float = 15.0  # how long a seat waits for the visitor who asked for it
    origins: tuple[str, ...] = ()  # web pages that may use it, beside our own; "*" = any
    tokens: dict[str, str] = {}


class Direct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The second tutorial's protocol."""

    enabled: bool = False
    origins: tuple[str, ...] = ()
    connect_timeout_s: float = 45.0  # for a client that opens a session and joins nothing


class Outbound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the server asks of others: webhooks."""

    allow: tuple[str, ...] = ()  # inner addresses that it may reach: HOST:PORT, or a network


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything. ``demo``, ``past`` and ``limits_off`` are not in the file."""

    server: Server = Server()
    storage: Storage = Storage()
    rooms: Rooms = Rooms()
    direct: Direct = Direct()
    mail: MailServer = MailServer()
    outbound: Outbound = Outbound()
    limits: Limits = Limits()
    demo: bool = False
    past: bool = False  # a demo that is new has some days before it
    limits_off: bool = False

    @property
    def data_dir(self) -> Path:
        """The directory of the database file and the lock."""
        return Path(self.storage.data or platformdirs.user_data_dir("kefu")).expanduser()

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the store."""
        return self.storage.url or url_of(self.data_dir)

    @property
    def keeps_file(self) -> bool:
        """Whether the store is the file in ``data_dir``."""
        return not self.storage.url

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        host = self.server.host
        return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def url_of(data_dir: Path) -> str:
    """The URL of the store in ``data_dir``, whatever characters that has."""
    return f"sqlite:///{quote(str(data_dir / 'kefu.db'))}"


def environment() -> Mapping[str, str]:
    """The process's environment."""
    return os.environ


def load(path: Path | None, env: Mapping[str, str]) -> Settings:
    """The settings of ``kefu serve``. Raises ConfigError."""
    table: dict[str, object] = {}
    if path is not None:
        try:
            written = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a mark
            # What is wrong in a last line is at its end, not at the file's: the line can be named.
            table = tomllib.loads(f"{written}\n")
        except OSError as error:
            raise _in_file(path, ConfigError("{reason}", reason=error.strerror)) from None
        except (ValueError, RecursionError) as error:
            raise _in_file(path, _no_toml(error)) from None
    for name in ("demo", "past", "limits_off"):
        if name in table:
            raise _in_file(path, ConfigError("unknown setting `{name}`", name=name))
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise _in_file(path, _misshapen(str(error))) from None
    try:
        check(settings)
    except ConfigError as error:
        raise _in_file(path, error) from None
    return with_environment(settings, env)


def _no_toml(error: Exception) -> ConfigError:
    """Where a file is no TOML; what is wrong there ``tomllib`` says in its own words alone."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object[: error.start].count(b"\n") + 1
        return ConfigError("line {line}: this is no UTF-8; save the file as UTF-8", line=line)
    if found := re.search(r"\(at line (\d+), column (\d+)\)$", str(error)):
        return ConfigError(
            "line {line}, column {column}: this cannot be read as TOML; look for a quote or "
            "bracket that is missing, or a name that stands twice",
            line=found[1],
            column=found[2],
        )
    if isinstance(error, tomllib.TOMLDecodeError):
        return ConfigError(
            "the file ends too early to be TOML; look for a value, quote or bracket that is missing"
        )
    return ConfigError("a number is too long, or lists lie too deep in each other")


def _misshapen(said: str) -> ConfigError:
    """Which setting ``msgspec`` means, and what it must be."""
    setting, _, reason = words_of(said, Settings).rpartition(": ")
    if reason == UNKNOWN_FIELD:
        return ConfigError("unknown setting `{name}`", name=setting)
    reason = reason.replace("an object", "a table")  # as TOML calls it
    return ConfigError("{setting}: {reason}", setting=setting, reason=reason)


def _in_file(path: Path | None, error: ConfigError) -> ConfigError:
    error.where = str(path or "")
    return error


def demo(
    *,
    host: str,
    port: int,
    classic_port: int,
    data: str,
    past: bool = False,
    env: Mapping[str, str],
) -> Settings:
    """The settings of ``kefu demo``: everything on, open to any page. Raises ConfigError.

    On loopback webhooks may reach this machine, so that a bot can be tried beside the demo; whoever
    sets one up is on this machine, too.
    """
    settings = Settings(
        server=Server(host=host, port=port, classic_port=classic_port),
        storage=Storage(data=data),
        rooms=Rooms(enabled=True, origins=("*",)),
        direct=Direct(enabled=True, origins=("*",)),
        demo=True,
        past=past,
    )
    if settings.on_loopback:
        settings = msgspec.structs.replace(settings, outbound=Outbound(allow=_LOOPBACK))
    check(settings)
    return with_environment(settings, env)


def with_environment(settings: Settings, env: Mapping[str, str]) -> Settings:
    """``settings`` with what the environment overrides. Raises ConfigError."""
    value = env.get("KEFU_LIMITS", "on")
    if value not in ("on", "off"):
        raise ConfigError("KEFU_LIMITS: expected `on` or `off`, got `{value}`", value=value)
    storage = settings.storage
    if url := env.get(STORAGE_URL):
        storage = msgspec.structs.replace(storage, url=url)
    settings = msgspec.structs.replace(settings, storage=storage, limits_off=value == "off")
    if settings.limits_off and not settings.on_loopback:
        raise ConfigError("KEFU_LIMITS=off is for loopback; server.host is reachable by others")
    return settings


def check(settings: Settings) -> None:
    """Raise ConfigError unless the values can be used."""
    for part in msgspec.structs.fields(settings):
        section = getattr(settings, part.name)
        if isinstance(section, msgspec.Struct):
            _check_numbers(part.name, section)
    try:
        Proxies(settings.server.trusted_proxies)
    except ValueError as error:
        raise ConfigError(
            "server.trusted_proxies: `{value}` is neither an IP address nor a network", value=error
        ) from None
    for origin in (*settings.rooms.origins, *settings.direct.origins):
        if origin != ANY:
            _check_origin("origins", origin, normal_origin)
    _check_tokens(settings.rooms.tokens)
    _check_outward(settings)


def _check_outward(settings: Settings) -> None:
    if settings.server.public_url:
        _check_origin("server.public_url", settings.server.public_url, normal_home)
    try:
        read_allowed(settings.outbound.allow)
    except ValueError as error:
        raise ConfigError(
            "outbound.allow: `{value}` is neither HOST:PORT nor a network", value=error
        ) from None
    if settings.mail.host:
        _check_address("mail.from_address", settings.mail.from_address)
    if settings.mail.reply_to:
        _check_address("mail.reply_to", settings.mail.reply_to)


def _check_address(setting: str, address: str) -> None:
    try:
        check_address(address)
    except BadInput:
        raise ConfigError(
            "{setting}: `{value}` is no e-mail address", setting=setting, value=address
        ) from None


def _check_origin(setting: str, value: str, read: Callable[[str], str]) -> None:
    try:
        read(value)
    except BadOrigin as error:
        raise ConfigError(
            "{setting}: `{value}` {reason}; write https://HOST or https://HOST:PORT",
            setting=setting,
            value=value,
            reason=error,
        ) from None


def _check_tokens(tokens: Mapping[str, str]) -> None:
    for agent, token in tokens.items():
        try:
            clean_name(agent)
        except BadName as refusal:
            raise ConfigError(
                "rooms.tokens: `{agent}`: {reason}", agent=agent, reason=refusal
            ) from None
        if len(token) < MIN_TOKEN_CHARS:
            raise ConfigError(
                "rooms.tokens: the token of `{agent}` is under {least} characters",
                agent=agent,
                least=MIN_TOKEN_CHARS,
            )


def _check_numbers(name: str, section: msgspec.Struct) -> None:
    for field in msgspec.structs.fields(section):
        value, setting = getattr(section, field.name), f"{name}.{field.name}"
        if not isinstance(value, int | float) or isinstance(value, bool):
            continue
        if "port" in field.name and not 0 <= value <= 65_535:
            raise ConfigError(
                "{setting}: {value} is not a port (0 to 65535)", setting=setting, value=value
            )
        least = 0 if setting in _MAY_BE_ZERO else math.ulp(0.0)
        if not least <= value < math.inf:
            raise ConfigError(
                "{setting}: {value} must be above 0 and finite", setting=setting, value=value
            )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
