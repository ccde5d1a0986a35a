"""Which contacts are connected now, told to the team."""
