"""Tags as things of their own: listed, coloured, renamed everywhere, made one, deleted."""
