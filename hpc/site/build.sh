#!/bin/bash
# From the lease to a job that has ended.

verb_lock() { # CYCLE/TARGET DIGEST TOOLS TOKEN SECONDS WHO
  local home=$prefix/$1
  folder "$prefix"
  folder "$prefix/sources"
  folder "$prefix/tools"
  folder "${home%/*}"
  folder "$home"
  folder "$home/releases"
  folder "$home/work"
  folder "$home/tests"
  take "$home/lease" "$4" "$5" "$6"
  verb_look short "$3" "$1=$2"
}

verb_unlock() { # CYCLE/TARGET TOKEN
  [[ ! -d $prefix/$1 ]] || free "$prefix/$1/lease" "$2"
}

# Failed builds, holds and results of a release that is not in use are forgotten, and files of it that are not as they were.
# Not while a job of it is there, whose word would count for what is built after this.
verb_again() { # CYCLE/TARGET DIGEST TOKEN SECONDS TOOLS
  local home=$prefix/$1 work=$prefix/$1/work/$2 release=$prefix/$1/releases/$2 names job
  renew "$home/lease" "$3" "$4"
  names=$({ cat -- "$work"/{build,test}.job 2>/dev/null || true; } | sed -n 's/^#[[:space:]]*troika[[:space:]]*name=//p' | paste -sd,)
  if [[ -n $names ]]; then
    job=$(named "$names")
    [[ -z $job ]] || fail "job $job of it is there: deploy without --again goes on with it, or scancel it"
  fi
  if [[ -e $home/held ]]; then
    { grep -v -- "^$2 " "$home/held" || true; } | whole "$home/held"
  fi
  rm -f -- "$work"/{build,test}.failed "$work"/{build,test}.id "$work"/sane "$work"/tested "$release/.built"
  if [[ -e $release/.manifest ]]; then
    unlike "$release" | while IFS= read -r said; do
      rm -f -- "$release/${said%: *}"
    done
    rm -f -- "$release/.manifest"
  fi
  verb_look short "$5" "$1=$2"
}

# The first job of that name, or of those names.
named() { # NAME[,NAME]
  local jobs
  jobs=$(squeue --noheader --user="$(id -un)" --name="$1" --format='%i' 2>/dev/null) || fail "Slurm does not tell which jobs there are"
  printf '%s' "${jobs%%$'\n'*}"
}

# Standard input: an archive with files.sha256, which has all others. Sources get the names by which EasyBuild looks for them.
verb_stage() { # CYCLE/TARGET DIGEST TOKEN SECONDS
  local work=$prefix/$1/work/$2 part=$prefix/$1/work/.$2.$3 sha file
  renew "$prefix/$1/lease" "$3" "$4"
  # Those that were cut off before, too: who has the lease is alone here.
  rm -rf --one-file-system -- "$prefix/$1/work/.$2."*
  folder "$work"
  folder "$part"
  tar -C "$part" -x -f -
  (cd -- "$part" && sha256sum --check --quiet files.sha256) || fail "files did not arrive as they were sent"
  rm -f -- "$work/staged"
  cp -rT -- "$part" "$work"
  rm -rf --one-file-system -- "$work/sources" "$part"
  folder "$work/sources"
  while read -r sha file; do ln -s -- "$prefix/sources/$sha/$file" "$work/sources/$file"; done <"$work/site/sources"
  sha=$(sha256sum <"$work/files.sha256")
  printf '%s\n' "${sha%% *}" | whole "$work/staged"
}

# Told if a job of that name is there already: who submitted it may have died before he could write down its number.
verb_submitting() { # CYCLE/TARGET DIGEST TOKEN SECONDS KIND NAME OUTPUT
  local work=$prefix/$1/work/$2 job
  renew "$prefix/$1/lease" "$3" "$4"
  rm -f -- "$work/$5.id"
  job=$(named "$6")
  if [[ -z $job ]]; then
    [[ $5 != build || ! -e $prefix/$1/releases/$2/.built ]] || fail "it has been built meanwhile: the next run goes on with it"
    return 0
  fi
  printf '%s %s\n' "$job" "$7" | whole "$work/$5.id"
  record job "$5" "$job"
}

verb_submitted() { # CYCLE/TARGET DIGEST TOKEN SECONDS KIND JOB OUTPUT
  renew "$prefix/$1/lease" "$3" "$4"
  printf '%s %s\n' "$6" "$7" | whole "$prefix/$1/work/$2/$5.id"
}

# How a job is, and whether what it was for is there. Where there is no accounting, it has said itself how it has ended.
verb_poll() { # CYCLE/TARGET DIGEST TOKEN SECONDS KIND JOB
  local work=$prefix/$1/work/$2 is job code left
  renew "$prefix/$1/lease" "$3" "$4"
  is=$(state "$6")
  case $5 in
    build) left=$prefix/$1/releases/$2/.built ;;
    *) left=$work/test/$6.json ;;
  esac
  # What is listed anew is not what this machine remembers of it.
  ls -a -- "$work" "${left%/*}" >/dev/null 2>&1 || true
  if [[ $is == GONE && -s $work/$5.exit ]]; then
    read -r job code <"$work/$5.exit"
    [[ $job != "$6" ]] || { if ((code == 0)); then is=COMPLETED; else is=FAILED; fi; }
  fi
  record state "$is"
  ! ended "$is" || record ended
  [[ ! -e $left ]] || record left
}

# A job that has come to nothing: what it said last is the answer. It counts for the files that it was made of.
verb_failed() { # CYCLE/TARGET DIGEST TOKEN SECONDS KIND JOB OUTPUT STATE WHO
  local home=$prefix/$1 work=$prefix/$1/work/$2
  renew "$home/lease" "$3" "$4"
  if ! grep -qs -- "^$6 " "$work/$5.failed"; then
    printf '%s %s %s\n' "$6" "$(cat -- "$work/staged")" "$8" >>"$work/$5.failed"
    note "$home" "$5-failed" "$2" "$9"
  fi
  rm -f -- "$work/$5.id"
  tail -n 25 -- "$7" 2>/dev/null | while IFS= read -r line; do record line "$line"; done || true
}
