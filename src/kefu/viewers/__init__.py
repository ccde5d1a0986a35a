"""Who of the team looks at a conversation right now."""
