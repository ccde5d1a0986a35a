"""Engine.IO 4, the server's side: sessions over HTTP long-polling, WebSocket, and the upgrade.

``packet``, ``outbox`` and ``session`` have no I/O; ``polling`` and ``websocket`` are thin shells
round a session; ``server`` admits. Knows nothing of Socket.IO and nothing of Kefu.
Source: https://github.com/socketio/engine.io-protocol (version 4).
"""

from kefu.transport.engineio.packet import EncodedPacket, encode_message
from kefu.transport.engineio.ports import EngineHandler
from kefu.transport.engineio.server import EngineIOServer
from kefu.transport.engineio.session import Session
from kefu.transport.engineio.settings import EngineSettings

__all__ = [
    "EncodedPacket",
    "EngineHandler",
    "EngineIOServer",
    "EngineSettings",
    "Session",
    "encode_message",
]
