"""What happens without anybody asking: sensors and schedules, one file each. They ask pure functions."""
