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
verb_again() { # CYCLE/TARGET DIGEST TOKEN SECONDS
  local home=$prefix/$1 work=$prefix/$1/work/$2 release=$prefix/$1/releases/$2
  renew "$home/lease" "$3" "$4"
  if [[ -e $home/held ]]; then
    { grep -v -- "^$2 " "$home/held" || true; } | whole "$home/held"
  fi
  rm -f -- "$work"/{build,test}.failed "$work"/sane "$work"/tested "$release/.built"
  if [[ -e $release/.manifest ]]; then
    unlike "$release" | while IFS= read -r said; do
      rm -f -- "$release/${said%: *}"
    done
    rm -f -- "$release/.manifest"
  fi
}

# Standard input: an archive with files.sha256, which has all others. Sources get the names by which EasyBuild looks for them.
verb_stage() { # CYCLE/TARGET DIGEST TOKEN SECONDS
  local work=$prefix/$1/work/$2 part=$prefix/$1/work/.$2.$3 sha file
  renew "$prefix/$1/lease" "$3" "$4"
  rm -rf --one-file-system -- "$part"
  folder "$work"
  folder "$part"
  tar -C "$part" -x
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
  job=$(squeue --noheader --user="$(id -un)" --name="$6" --format='%i') || fail "Slurm does not tell which jobs there are"
  job=${job%%$'\n'*}
  [[ -n $job ]] || return 0
  printf '%s %s\n' "$job" "$7" | whole "$work/$5.id"
  record job "$5" "$job"
}

verb_submitted() { # CYCLE/TARGET DIGEST TOKEN SECONDS KIND JOB OUTPUT
  renew "$prefix/$1/lease" "$3" "$4"
  printf '%s %s\n' "$6" "$7" | whole "$prefix/$1/work/$2/$5.id"
}

verb_poll() { # CYCLE/TARGET DIGEST TOKEN SECONDS KIND JOB
  local work=$prefix/$1/work/$2
  renew "$prefix/$1/lease" "$3" "$4"
  record state "$(state "$6")"
  [[ ! -e $prefix/$1/releases/$2/.built ]] || record built
  [[ ! -s $work/$5.exit ]] || record exit "$(<"$work/$5.exit")"
}

# A job that has come to nothing: what it said last is the answer.
verb_failed() { # CYCLE/TARGET DIGEST TOKEN SECONDS KIND JOB OUTPUT STATE WHO
  local home=$prefix/$1 work=$prefix/$1/work/$2
  renew "$home/lease" "$3" "$4"
  if ! grep -qs -- "^$6 " "$work/$5.failed"; then
    printf '%s %s\n' "$6" "$8" >>"$work/$5.failed"
    note "$home" "$5-failed" "$2" "$9"
  fi
  rm -f -- "$work/$5.id"
  tail -n 25 -- "$7" 2>/dev/null | while IFS= read -r line; do record line "${line//$'\t'/ }"; done || true
}
