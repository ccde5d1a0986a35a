"""The rooms protocol of the first tutorial: raw WebSocket, and ``/getroom`` over HTTP."""
