"""The widget on a site's pages: how it looks and speaks, and what it is told."""
