"""Files that people send: taken in, cleaned, kept and read in parts."""
