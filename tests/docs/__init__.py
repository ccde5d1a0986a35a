"""That the pages say what is true: settings, codes, commands, links, and whole conversations."""
