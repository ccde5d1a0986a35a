"""What waits for a client's next poll, within bounds."""

from __future__ import annotations

from kefu.transport.engineio.packet import EncodedPacket


class Outbox:
    """A queue that takes no more, and drops what it had, once it has run over."""

    __slots__ = ("_bytes", "_max_bytes", "_max_packets", "packets")

    def __init__(self, max_packets: int, max_bytes: int) -> None:
        self.packets: list[EncodedPacket] = []
        self._bytes = 0
        self._max_packets = max_packets
        self._max_bytes = max_bytes

    def add(self, packet: EncodedPacket) -> bool:
        """Keep ``packet``; False if that ran over the bounds, and only that once."""
        if self._bytes > self._max_bytes:
            return True
        self._bytes += packet.size_bytes
        if self._bytes <= self._max_bytes and len(self.packets) < self._max_packets:
            self.packets.append(packet)
            return True
        self.packets = []
        self._bytes = self._max_bytes + 1
        return False

    def drain(self) -> list[EncodedPacket]:
        """Take all that waits."""
        packets, self.packets = self.packets, []
        self._bytes = 0
        return packets
