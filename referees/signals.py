"""What this room tells the office. Receivers run in the sender's transaction and call steps.

`letter_changed(application, request, actor, now)`: a letter was sent, became readable, or was lost.
"""

from django.dispatch import Signal

letter_changed = Signal()
