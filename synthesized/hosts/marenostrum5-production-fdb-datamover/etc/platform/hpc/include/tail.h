for job in $(jobs -p); do wait "$job"; done
ecflow_client --complete
trap - ERR EXIT TERM INT HUP XCPU
exit 0
