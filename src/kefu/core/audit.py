"""What the audit trail can tell of: administrative and supervisory acts.

Rules: an act is a noun and a verb in the present, and has the name of the command that does it.
Those that no command does are the server's own.
Not here: writing it (``actions.context``), reading it (``actions.audit``).
"""

from __future__ import annotations

from typing import Literal

Act = Literal[
    "agent.activate",
    "agent.create",
    "agent.deactivate",
    "agent.reset_link",
    "agent.set_availability",
    "agent.set_password",
    "agent.update",
    "canned.create",
    "canned.delete",
    "canned.update",
    "contact.block",
    "contact.merge",
    "contact.unblock",
    "conversation.observe",
    "conversation.send_transcript",
    "conversation.take_over",
    "conversation.whisper",
    "device.end",
    "inbox.activate",
    "inbox.add_identity_key",
    "inbox.create",
    "inbox.deactivate",
    "inbox.retire_identity_key",
    "inbox.set_agents",
    "inbox.update",
    "message.delete",
    "team.create",
    "team.delete",
    "team.set_agents",
    "team.update",
    "token.create",
    "token.revoke",
    "webhook.create",
    "webhook.delete",
    "webhook.disable",  # the server's own: its receiver said 410 Gone
    "webhook.replay",
    "webhook.rotate_secret",
    "webhook.test",
    "webhook.update",
]
