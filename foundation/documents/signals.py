"""What this room tells the rooms above. Receivers run in the sender's transaction and call steps."""

from django.dispatch import Signal

#: Sent before a version's row is locked, with `stream`. Whoever owns the stream locks it here, so
#: that locks are always taken in the same order.
locking = Signal()

#: Sent after a scan changed a version's state, with `version`. Not sent by `steps.attach`, which
#: returns the version with its state: there the caller goes on by itself.
checked = Signal()
