"""Small clients of a running server, one module per protocol, that tests drive step by step.

Rules: they show exactly what arrives and hide nothing; they reconnect only when told to. Each is
there for a block and closed at its end, however that comes. What the official clients do is tested
with the official clients (tests/conformance).
"""
