"""A process to be killed: appends without end, and prints each client id that is acknowledged.

Run as ``python -m tests.storage.appender URL``.
"""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import count

from kefu.core.conversation import Message
from kefu.core.errors import ChatError
from kefu.storage.database import Database
from tests.storage.chat import room, says

IN_FLIGHT = 20


async def main(url: str) -> None:
    database = Database(url)
    await database.start()
    numbers = count()

    def send() -> None:
        number = next(numbers)
        database.append(says(f"{number}", conversation=room(number % 7)), acknowledged)

    def acknowledged(answer: Message | ChatError) -> None:
        assert isinstance(answer, Message)
        os.write(1, f"{answer.conversation_key} {answer.seq} {answer.client_id}\n".encode())
        send()

    for _ in range(IN_FLIGHT):
        send()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
