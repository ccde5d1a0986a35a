"""What one of the team has still to look at: unread conversations, and notes that name them."""
