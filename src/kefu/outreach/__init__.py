"""Conversations that the team begins."""
