"""What this room tells higher ones. Receivers run in the sender's transaction and call steps.

`moved(application, transition, source, actor, now)`: any transition, after it.
`submitted(application, actor, now)`: the applicant's part is in; letters not yet asked are asked now.
`completed(application, clock, actor, now)`: the last requirement was met and the clock runs.
`requirements_changed(application, actor, now)`: one was met, waived, opened or opened again.
`fee_changed(application, actor, now)`: whether the fee is in order may have changed.
`nominee_named(nominee, actor, now)`: a referee was named or their details corrected.
`nominee_replaced(nominee, actor, now)`: a referee was replaced; their request ends. Sent before
`nominee_named` of whoever takes their place.
`clock_changed(application, clock, now)`: started, paused, resumed or stopped.
"""

from django.dispatch import Signal

moved = Signal()
submitted = Signal()
completed = Signal()
requirements_changed = Signal()
fee_changed = Signal()
nominee_named = Signal()
nominee_replaced = Signal()
clock_changed = Signal()
