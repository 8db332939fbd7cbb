echo "nobody has said how jobs report from here: jobs of the supercomputer in its site file" >&2
exit 1
