"""Taking the measures of reports on a commit: commands of the target, and a few of our own, one file each."""
