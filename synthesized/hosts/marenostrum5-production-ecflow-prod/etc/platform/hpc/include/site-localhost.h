export TMPDIR=/srv/home/ecf/tmp
mkdir -p "$TMPDIR"
