#!/bin/bash
# Verdicts, what is published, and what goes.

# Only of what is built now.
verb_report() { # CYCLE/TARGET DIGEST JOB
  local report=$prefix/$1/work/$2/test/$3.json
  [[ -s $report ]] || fail "ReFrame has left no report at $report"
  [[ $report -nt $prefix/$1/releases/$2/.built ]] || fail "$report is of what was built before"
  cat -- "$report"
}

# The report is kept with those before it, the newest hundred of them. `tested` has what `staged` has: what was tested by which files.
verb_tested() { # CYCLE/TARGET DIGEST TOKEN SECONDS JOB passed|failed WHO
  local home=$prefix/$1 work=$prefix/$1/work/$2 old
  renew "$home/lease" "$3" "$4"
  folder "$home/tests"
  old=$home/tests/$(date -u +%Y%m%dT%H%M%SZ)-$2-$6.json
  whole "$old" <"$work/test/$5.json"
  find "$home/tests" -maxdepth 1 -type f -name '*.json' -printf '%f\n' | sort -r | tail -n +101 | while read -r old; do
    rm -f -- "$home/tests/$old"
  done
  [[ $6 == passed ]] || return 0
  note "$home" test-passed "$2" "$7"
  whole "$work/tested" <"$work/staged"
  rm -f -- "$work/test.id"
}

note() { # HOME EVENT DIGEST WHO
  # A line that was cut off by a full disk is no beginning of this one.
  [[ ! -s $1/history || -z $(tail -c 1 -- "$1/history") ]] || printf '\n' >>"$1/history"
  printf '%s %s %s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$2" "$3" "$4" >>"$1/history"
}

# One rename: who reads through the link sees the old release, or the new one.
point() { # HOME DIGEST
  rm -f -- "$1/.current."*
  ln -s -- "releases/$2" "$1/.current.$$"
  mv -fT -- "$1/.current.$$" "$1/current"
}

verb_publish() { # CYCLE/TARGET DIGEST TOKEN SECONDS WHO
  local home=$prefix/$1 release=$prefix/$1/releases/$2
  renew "$home/lease" "$3" "$4"
  [[ -e $release/.built ]] || fail "$release is not complete"
  listed "$release" | whole "$release/.manifest"
  [[ ! -e $home/held ]] || grep -q -- "^$2 " "$home/held" || rm -f -- "$home/held"
  # Written first: a publication that is cut off here is told as drift, and not unknown.
  [[ $(readlink -- "$home/current" || true) == "releases/$2" ]] || note "$home" published "$2" "$5"
  point "$home" "$2"
}

verb_rollback() { # CYCLE/TARGET DIGEST LEFT TOKEN SECONDS WHO
  local home=$prefix/$1
  renew "$home/lease" "$4" "$5"
  [[ -e $home/releases/$2/.built ]] || fail "$home/releases/$2 is not complete"
  # Held first: whatever cuts this off, what is left is not published again by itself.
  {
    grep -vs -e "^$2 " -e "^$3 " "$home/held" || true
    printf '%s %s %s\n' "$3" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$6"
  } | whole "$home/held"
  note "$home" rolled-back "$2" "$6"
  point "$home" "$2"
  free "$home/lease" "$4"
}

# Whether a job of a release may still run.
working() { # WORK
  local file job
  for file in "$1"/{build,test}.id; do
    [[ -s $file ]] || continue
    read -r job said <"$file"
    ended "$(state "$job")" || return 0
  done
  return 1
}

# No link is followed. What is renamed first is in nobody's way if its removal is cut off.
verb_remove() { # CYCLE/TARGET TOKEN SECONDS DIGEST...
  local home=$prefix/$1 token=$2 seconds=$3 kind each
  shift 3
  renew "$home/lease" "$token" "$seconds"
  keep "$home/lease" "$token" "$seconds"
  for each; do
    [[ $each =~ ^[0-9a-f]{12}$ && $(readlink -- "$home/current" || true) != "releases/$each" ]] || fail "$each stays"
    ! working "$home/work/$each" || continue
    for kind in releases work; do
      [[ ! -L $home/$kind && ! -L $home/$kind/$each && -d $home/$kind/$each ]] || continue
      mv -T -- "$home/$kind/$each" "$home/$kind/.removed.$each.$$"
    done
    record removed "$each"
  done
  for each in "$home"/{releases,work}/.removed.*; do
    [[ ! -d $each || -L $each ]] || rm -rf --one-file-system -- "$each"
  done
}
