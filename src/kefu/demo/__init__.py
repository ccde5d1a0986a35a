"""What ``kefu demo`` has beside a server: its team, and some past days of conversations."""
