"""Every command: REST's routes, the OpenAPI document and realtime's commands are made of this.

Rules: each module of actions ends with its ``COMMANDS``; no command exists on one transport only.
"""

from __future__ import annotations

from itertools import chain

from kefu.actions import (
    agents,
    audit,
    availability,
    canned,
    contacts,
    conversations,
    devices,
    following,
    handling,
    identity_keys,
    inboxes,
    joining,
    leaving,
    login,
    mail,
    me,
    messages,
    observing,
    offers,
    places,
    ratings,
    revising,
    search,
    sessions,
    starting,
    status,
    teams,
    tokens,
    visitor,
    visitors,
    webhook_log,
    webhooks,
)
from kefu.actions.commands import Command
from kefu.bulk import commands as bulk
from kefu.notifications import commands as notifications
from kefu.notifications import testing as hearing
from kefu.outreach import commands as outreach
from kefu.profile import commands as profile
from kefu.tags import commands as tags
from kefu.viewers import commands as viewers
from kefu.views import commands as views
from kefu.widget import config as widget_config
from kefu.widget import pages, watching

COMMANDS: tuple[Command, ...] = tuple(
    chain(
        conversations.COMMANDS,
        following.COMMANDS,
        messages.COMMANDS,
        places.COMMANDS,
        notifications.COMMANDS,
        hearing.COMMANDS,
        views.COMMANDS,
        viewers.COMMANDS,
        bulk.COMMANDS,
        outreach.COMMANDS,
        tags.COMMANDS,
        handling.COMMANDS,
        offers.COMMANDS,
        status.COMMANDS,
        observing.COMMANDS,
        availability.COMMANDS,
        login.COMMANDS,
        joining.COMMANDS,
        sessions.COMMANDS,
        me.COMMANDS,
        profile.COMMANDS,
        agents.COMMANDS,
        leaving.COMMANDS,
        tokens.COMMANDS,
        audit.COMMANDS,
        identity_keys.COMMANDS,
        visitors.COMMANDS,
        revising.COMMANDS,
        starting.COMMANDS,
        visitor.COMMANDS,
        mail.COMMANDS,
        webhooks.COMMANDS,
        inboxes.COMMANDS,
        widget_config.COMMANDS,
        pages.COMMANDS,
        watching.COMMANDS,
        teams.COMMANDS,
        contacts.COMMANDS,
        devices.COMMANDS,
        canned.COMMANDS,
        search.COMMANDS,
        ratings.COMMANDS,
        webhook_log.COMMANDS,
    )
)
BY_NAME = {command.name: command for command in COMMANDS}
