# It reports to the server that began it, whose environment it has.
