"""What all sandboxes need of the machine they run on: packages, processes, locks, folders of states, commands."""
