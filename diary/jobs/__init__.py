"""What the worker's clock does at each tick: functions of (database, settings, now), one module a job."""
