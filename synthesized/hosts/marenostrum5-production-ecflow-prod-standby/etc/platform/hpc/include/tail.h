wait
ecflow_client --complete
trap - ERR EXIT TERM INT HUP XCPU
exit 0
