#!/bin/bash
# Verdicts, what is published, and what goes.

verb_report() { # CYCLE/TARGET DIGEST JOB
  [[ -s $prefix/$1/work/$2/test/$3.json ]] || fail "ReFrame has left no report at $prefix/$1/work/$2/test/$3.json"
  cat -- "$prefix/$1/work/$2/test/$3.json"
}

# The report is kept with those before it, the newest hundred of them.
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
  printf '%s\n' "$5" | whole "$work/tested"
  rm -f -- "$work/test.id"
}

note() { # HOME EVENT DIGEST WHO
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
  (cd -- "$release" && find modules -type f -print0 | sort -z | xargs -0 -r sha256sum --) | whole "$release/.manifest"
  [[ ! -e $home/held ]] || grep -q -- "^$2 " "$home/held" || rm -f -- "$home/held"
  # Written first: a publication that is cut off here is told as drift, and not unknown.
  [[ $(readlink -- "$home/current" || true) == "releases/$2" ]] || note "$home" published "$2" "$5"
  point "$home" "$2"
}

verb_rollback() { # CYCLE/TARGET DIGEST LEFT TOKEN SECONDS WHO
  local home=$prefix/$1
  renew "$home/lease" "$4" "$5"
  [[ -e $home/releases/$2/.built ]] || fail "$home/releases/$2 is not complete"
  note "$home" rolled-back "$2" "$6"
  point "$home" "$2"
  {
    grep -vs -e "^$2 " -e "^$3 " "$home/held" || true
    printf '%s %s %s\n' "$3" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$6"
  } | whole "$home/held"
  free "$home/lease" "$4"
}

# Whether a job of a release may still run.
working() { # WORK
  local file job said
  for file in "$1"/{build,test}.id; do
    [[ -s $file ]] || continue
    read -r job said <"$file"
    said=$(state "$job")
    case ${said%% *} in BOOT_FAIL | CANCELLED | COMPLETED | DEADLINE | FAILED | GONE | NODE_FAIL | OUT_OF_MEMORY | TIMEOUT) ;; *) return 0 ;; esac
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
      mv -T -- "$home/$kind/$each" "$home/$kind/.removed.$each"
    done
  done
  for each in "$home"/{releases,work}/.removed.*; do
    [[ ! -d $each || -L $each ]] || rm -rf --one-file-system -- "$each"
  done
}
