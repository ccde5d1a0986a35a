"""What one of the team is to themselves and the others: preferences, name, picture."""
