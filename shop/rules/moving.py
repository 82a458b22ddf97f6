"""An account on its way to another address, or to another person: how long everybody has to think."""

from datetime import timedelta

# The new address confirms within a day.
CHANGE_LIVES = timedelta(hours=24)
# Whoever reads the old mailbox may take the change back: a mailbox is looked into once a week at least.
UNDO_LIVES = timedelta(days=7)
# Both sides of a handover say yes within three days.
HANDOVER_LIVES = timedelta(hours=72)
