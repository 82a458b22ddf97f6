"""The staff's doors: the same deeds, from the other side of the counter."""
