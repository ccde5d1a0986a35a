"""Lists of conversations that one of the team keeps under a name."""
