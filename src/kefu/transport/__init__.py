"""Bytes into frames: HTTP limits, WebSocket, Engine.IO, Socket.IO.

Rule: nothing here knows of Kefu. Imports are the standard library, libraries and this package.
"""
