"""Small clients of a running server, one module per protocol, that tests drive step by step.

Rules: they show exactly what arrives and hide nothing; they reconnect only when told to. What the
official clients do is tested with the official clients (tests/conformance).
"""
