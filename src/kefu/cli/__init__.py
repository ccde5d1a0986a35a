"""The command line: ``kefu demo | serve | history | version``. Thin: it reads words and prints
words.
"""
