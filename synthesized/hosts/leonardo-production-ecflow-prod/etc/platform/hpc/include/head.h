#!/bin/bash
# Begun anew by Slurm after a node was lost, it would report as the job that the server knows, and run twice unseen.
#SBATCH --no-requeue
# troika name=%TASK%
# troika ecflow_name=%ECF_NAME%
# troika ecflow_pass=%ECF_PASS%
%include <site-%SCHOST%.h>
export ECF_NAME=%ECF_NAME% ECF_PASS=%ECF_PASS% ECF_TRYNO=%ECF_TRYNO% ECF_RID=${SLURM_JOB_ID:-$$}

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
