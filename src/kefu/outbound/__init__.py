"""What leaves the server for the outside: HTTP requests to URLs that people gave, and mail."""
