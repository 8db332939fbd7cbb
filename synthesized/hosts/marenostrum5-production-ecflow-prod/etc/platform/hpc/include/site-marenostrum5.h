echo "the address of the bridge's relay is not known yet: databridge learn marenostrum5" >&2
exit 1
