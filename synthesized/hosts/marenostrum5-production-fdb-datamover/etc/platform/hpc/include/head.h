#!/bin/bash
# Begun anew by Slurm after a node was lost, it would report as the job that the server knows, and run twice unseen.
#SBATCH --no-requeue
# troika name=%TASK%
# troika ecflow_name=%ECF_NAME%
# troika ecflow_pass=%ECF_PASS%
%include <site-%SCHOST%.h>
export ECF_NAME=%ECF_NAME% ECF_PASS=%ECF_PASS% ECF_TRYNO=%ECF_TRYNO% ECF_RID=${SLURM_JOB_ID:-$$}

# Where nobody answers, the client goes on for a day. At a relay or a tunnel somebody always does, and a server that is away looks to it
# like one that speaks no TLS: it would give up at once, and the job with it.
ecflow_client() {
  local said code end=$((SECONDS + 86400))
  while true; do
    code=0
    { said=$(command ecflow_client "$@" 2>&1 >&3 3>&-) || code=$?; } 3>&1
    case $said in
      *handle_handshake*reset* | *handle_handshake*truncated* | *handle_handshake*"end of file"*) ;;
      *) break ;;
    esac
    ((code != 0 && SECONDS < end)) || break
    sleep 10
  done
  [ -z "$said" ] || echo "$said" >&2
  return "$code"
}
export -f ecflow_client

platform_end() {
  trap - ERR EXIT TERM INT HUP XCPU
  set +e
  ecflow_client --abort="$1"
  exit 1
}
set -eE -o pipefail
trap 'platform_end "line $LINENO ended with $?"' ERR
trap 'platform_end "ended before its tail"' EXIT
for signal in TERM INT HUP XCPU; do
  # shellcheck disable=SC2064
  trap "platform_end 'killed by $signal'" "$signal"
done
ecflow_client --init="$ECF_RID"
