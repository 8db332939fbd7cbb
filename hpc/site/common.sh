#!/bin/bash
# What is done on a login node. These files are sent over standard input each time, one after another, so that nothing has to
# be installed there:
#   (cat *.sh; echo 'main "$@"; exit') | ssh HOST bash -s -- PREFIX UMASK GROUP VERB [ARGUMENT...]
# What a verb reads, an archive or a source, follows. Answers are lines of words with tabs between them.
# Exit codes: 0 done · 1 failed, as standard error says · 75 another has the lease.
set -euo pipefail

# How an answer begins: what a profile prints comes before it.
begin() { printf 'databridge\t1\n'; }

# A line of it. What others have said has no line breaks or tabs of its own here.
record() {
  local IFS=$'\t'
  printf '%s\n' "${*//[[:cntrl:]]/ }"
}

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# A folder that belongs to the group of the project, as all that will lie in it: it is there with that group, or not at all.
folder() {
  [[ ! -d $1 ]] || return 0
  local part=${1%/*}/.${1##*/}.$$
  mkdir -p -- "$part"
  if [[ $group != - ]] && ! { chgrp -- "$group" "$part" && chmod g+s -- "$part"; }; then
    rmdir -- "$part"
    fail "$1 cannot belong to the group $group"
  fi
  mv -T -- "$part" "$1" 2>/dev/null || rmdir -- "$part"
  [[ -d $1 ]] || fail "$1 cannot be made"
}

# The file in one piece or not at all.
whole() { # FILE, standard input
  local part=$1.$$
  if cat >"$part" && mv -fT -- "$part" "$1"; then return 0; fi
  rm -f -- "$part"
  fail "$1 cannot be written"
}

main() {
  prefix=$1 group=$3
  umask "$2"
  # What programs say is read here.
  export LC_ALL=C
  local verb=$4
  shift 4
  begin
  "verb_$verb" "$@"
}

verb_file() { # PATH
  cat -- "$1"
}
