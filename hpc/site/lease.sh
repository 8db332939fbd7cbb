#!/bin/bash
# Who deploys: one at a time.

# A lease is a line: TOKEN UNTIL WHO. Who reads or writes one holds a folder meanwhile, which mkdir makes for one alone:
# flock does not hold on every parallel file system.
mutex=

let_go() {
  [[ -z $mutex ]] || rmdir -- "$mutex" 2>/dev/null || true
  mutex=
}

# What this shell has taken for itself alone, and gives back however it ends.
own='' own_token='' keepers=() scratch=''

end() {
  local code=$?
  let_go
  [[ -z $scratch ]] || rm -rf -- "$scratch"
  ((${#keepers[@]} == 0)) || kill "${keepers[@]}" 2>/dev/null || true
  [[ -z $own ]] || free "$own" "$own_token" || true
  exit "$code"
}
trap end EXIT

# A folder of this shell, which goes with it.
temporary() { scratch=$(mktemp -d); }

hold() { # FILE
  local tries=0
  until mkdir -- "$1.taking" 2>/dev/null; do
    [[ -d ${1%/*} && -w ${1%/*} ]] || fail "${1%/*} is not there, or not to be written to"
    # Its owner lives for milliseconds: after a minute, by the clock of the file system, it is dead.
    if touch -- "$1.$$" && (($(stat -c %Y -- "$1.$$") - $(stat -c %Y -- "$1.taking" 2>/dev/null || date +%s) > 60)); then
      rmdir -- "$1.taking" 2>/dev/null || true
      continue
    fi
    ((++tries < 40)) || {
      rm -f -- "$1.$$"
      [[ -d $1.taking ]] || fail "$1.taking cannot be made"
      record taking "$1"
      exit 75
    }
    sleep 0.25
  done
  mutex=$1.taking
  ((tries == 0)) || rm -f -- "$1.$$"
}

leased() { # FILE: sets token_there, until_there, who_there
  token_there='' until_there=0 who_there=''
  if [[ -s $1 ]]; then read -r token_there until_there who_there <"$1" || true; fi
  [[ $until_there =~ ^[0-9]+$ ]] || until_there=0
}

take() { # FILE TOKEN SECONDS WHO
  hold "$1"
  local now
  now=$(date +%s)
  leased "$1"
  if [[ -n $token_there && $token_there != "$2" ]]; then
    if ((until_there > now)); then
      record held "$1" "$token_there" "$until_there" "$who_there"
      exit 75
    fi
    record stale "$token_there" "$until_there" "$who_there"
  fi
  printf '%s %s %s\n' "$2" "$((now + $3))" "$4" | whole "$1"
  let_go
}

# A lease that has run out is still ours while nobody has taken it over.
renew() { # FILE TOKEN SECONDS
  hold "$1"
  leased "$1"
  if [[ $token_there != "$2" ]]; then
    record held "$1" "${token_there:--}" "$until_there" "${who_there:-nobody: it was taken over, and given back}"
    exit 75
  fi
  printf '%s %s %s\n' "$2" "$(($(date +%s) + $3))" "$who_there" | whole "$1"
  let_go
}

# Renewed while somebody waits for this shell, for an hour at most. Who is alone, or has lost it, ends with all that it has begun.
keep() { # FILE TOKEN SECONDS
  (
    for ((left = 60; left > 0; left--)); do
      sleep 60
      [[ $(ps -o ppid= -p $$) -eq $PPID ]] || break
      # A hiccup is none: the next one renews it.
      said=$(trap let_go EXIT && renew "$@") || [[ $said != held* ]] || break
    done
    kill -TERM 0
  ) </dev/null >/dev/null 2>&1 &
  keepers+=($!)
}

free() { # FILE TOKEN
  hold "$1"
  leased "$1"
  [[ $token_there != "$2" ]] || rm -f -- "$1"
  let_go
}
