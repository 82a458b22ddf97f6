"""What people type, checked for shape; never against the database."""
