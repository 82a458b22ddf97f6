"""The benchmark: how close the shop's pages come to the least that Flask can do."""
