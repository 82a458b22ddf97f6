"""The hall behind the doors: what every page and form has in common."""
