# Tests a release with ReFrame, inside of this job. Before these lines the job has what it was rendered with.
set -euo pipefail
umask "$DATABRIDGE_UMASK"
work=$DATABRIDGE_WORK
scratch=${TMPDIR:-/tmp}/databridge-$SLURM_JOB_ID

finish() {
  local code=$?
  set +e
  rm -rf -- "$scratch"
  printf '%s %s\n' "$SLURM_JOB_ID" "$code" >"$work/test.exit"
}
trap finish EXIT
trap 'exit 143' TERM
rm -f -- "$work/test.exit"
mkdir -p -- "$scratch" "$work/test"

# The release itself, and not what is published: that is moved once this has gone well.
mine=${DATABRIDGE_SOURCES%/sources}
for folder in $(tr : '\n' <<<"${MODULEPATH:-}"); do
  case $folder in "$mine"/*) module unuse "$folder" ;; esac
done
module use "$DATABRIDGE_RELEASE/modules/all"

unset PYTHONPATH
export PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=1 DATABRIDGE_RELEASE
# Its code says whether checks have failed; which, is in the report.
"$DATABRIDGE_TOOLS/bin/reframe" --config-file "$work/reframe/settings.py" --checkpath "$work/reframe/modules.py" \
  --system databridge:target --prefix "$scratch" --report-file "$work/test/$SLURM_JOB_ID.part" --run ||
  failed=$?
# Whole, or not there.
mv -fT -- "$work/test/$SLURM_JOB_ID.part" "$work/test/$SLURM_JOB_ID.json"
exit "${failed:-0}"
