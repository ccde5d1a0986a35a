"""Decisions and values, pure: no I/O, no clock, no randomness, no ``await``; time and ids are
arguments.
"""
