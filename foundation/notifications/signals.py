"""What the outbox tells the rooms above. Receivers run in the sender's transaction."""

from django.dispatch import Signal

#: Sent with `message` (an OutgoingMessage, already marked bounced) and `now` when the recipient's
#: server refused the address for good.
bounced = Signal()
