"""The direct protocol of the second tutorial: log in, see who is online, send private messages,
over Socket.IO.
"""
