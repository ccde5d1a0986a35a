"""Kefu (客服): live support chat that a team runs itself."""

__version__ = "0.1.0"
