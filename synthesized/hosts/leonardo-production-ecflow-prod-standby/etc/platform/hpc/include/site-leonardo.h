echo "the address of the bridge's relay is not known yet: databridge learn leonardo" >&2
exit 1
