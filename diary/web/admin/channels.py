"""Ways to tell an administrator of what the operator has to look at."""

from diary.web import own_channels
from diary.web.zones import Zone

zone = Zone("admin", "channels")
own_channels.declare(zone, "Operator")
