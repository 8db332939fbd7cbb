#!/bin/sh
# What platform-hpc-exporter asks at a login node, in one go. It is sent over standard input, so that nothing has to be installed there;
# nothing is changed there either.
#   ssh NAME sh -s -- MARK USER PARTITIONS ACCOUNTS BUDGET MODULES < look.sh
# Each answer stands between two lines that begin with MARK, in both streams: what a site says beside is none of it.
set -u
mark=$1 user=$2 partitions=$3 accounts=$4 budget=$5 modules=$6
# Times are read here, in one zone.
export LC_ALL=C TZ=UTC0 SLURM_TIME_FORMAT=standard

say() {
  printf '\n%s %s\n' "$mark" "$*"
  printf '\n%s %s\n' "$mark" "$*" >&2
}

# One that fails, or does not answer, keeps no other from it.
ask() { # SOURCE COMMAND...
  source=$1
  shift
  say begin "$source"
  timeout -k 5 20 "$@" </dev/null
  say end "$source" "$?"
}

say at "$(date +%s)"
# Jobs of an array that wait are one line without --array.
ask squeue squeue --noheader --array --user="$user" --Format='Partition:|,State:|,EligibleTime:|'
ask sinfo sinfo --noheader --partition="$partitions" --format='%R|%T|%D'
ask sacct sacct --noheader --allocations --parsable2 --user="$user" --starttime=now-1day \
  --format=Partition,State,Eligible,Start,End
case $budget in
  slurm) ask budget sshare --noheader --parsable2 --accounts="$accounts" --format=Account,User,GrpTRESMins,GrpTRESRaw ;;
  # Programs of sites are found by who logs in.
  lumi-allocations) ask budget sh -lc 'lumi-allocations' ;;
  saldo) ask budget sh -lc 'saldo -b && saldo -b --dcgp' ;;
esac
if [ -n "$modules" ]; then
  ask modules find "$modules" -mindepth 3 -maxdepth 3 -name current -type l \
    '(' -exec test -e '{}/.built' ';' -printf '1|%P|%Ts\n' -o -printf '0|%P|%Ts\n' ')'
fi
say over
