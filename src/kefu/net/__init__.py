"""What the Internet writes in more than one way, each in the one form it is compared in; pure."""
