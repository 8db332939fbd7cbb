#!/bin/bash
# Whether a deployment can work. Nothing is changed.

verb_preflight() { # PYTHON, standard input: lines of init.sh, then lines KIND WORDS
  local python=$1 line init='' there
  temporary
  while IFS= read -r line; do
    [[ $line != '#end' ]] || break
    init+=$line$'\n'
  done
  record login "$(id -un)@$(uname -n)"
  there=$prefix
  while [[ ! -e $there ]]; do there=${there%/*} && there=${there:-/}; done
  if [[ -d $prefix && -w $prefix ]]; then
    record prefix ok "$prefix"
  elif [[ $there != "$prefix" && -w $there ]]; then
    record prefix ok "$prefix, to be made in $there"
  else
    record prefix bad "$there $(stat -c '%U:%G %A' -- "$there")"
  fi
  if [[ $group != - ]]; then
    if id -nG | tr ' ' '\n' | grep -Fxq -- "$group"; then record group ok "$group"; else record group bad "$(id -nG)"; fi
  fi
  record space "$(df -Pk -- "$there" | awk 'NR == 2 { print $4 }')" "$(df -Pi -- "$there" | awk 'NR == 2 { print $4 }')" "$(limits "$there")"
  # shellcheck disable=SC2016 # of the shell that runs it
  if said=$( (printf '%s\n' "$init" && printf '"$1" -c "import ensurepip, sys, venv; print(sys.version.split()[0])"\n') |
    in_clean "$python" 2>&1); then
    record python ok "${said##*$'\n'}"
  else
    record python bad "$said"
  fi
  while read -r line; do
    # shellcheck disable=SC2086 # words
    preflight_of $line
  done
}

in_clean() { # ARGUMENT..., standard input: a script
  cat >"$scratch/script"
  clean "$scratch/script" "$@"
}

# Quotas, where a command for it is there and answers.
limits() { # FOLDER
  local said=''
  if command -v lfs >/dev/null; then
    said=$(lfs quota -q -g "$(stat -c %G -- "$1")" "$1" 2>/dev/null || true)
  fi
  printf '%s' "$said"
}

preflight_of() { # host NAME | partition NAME | account NAME QOS
  local said
  case $1 in
    host)
      if said=$(curl --silent --show-error --head --output /dev/null --connect-timeout 10 --max-time 20 -- "$2" 2>&1 </dev/null); then
        record host "$2" ok
      else
        record host "$2" bad "$said"
      fi
      ;;
    partition)
      if said=$(scontrol -o show partition "$2" 2>&1); then
        record partition "$2" ok "$(grep -o 'State=[A-Z]*' <<<"$said")"
      else
        record partition "$2" bad "$said"
      fi
      ;;
    account)
      said=$(sacctmgr -nP show associations user="$(id -un)" account="$2" format=Partition,QOS 2>&1) || {
        record account "$2" untold "$said"
        return 0
      }
      if [[ -z $said ]]; then
        record account "$2" bad "$(sacctmgr -nP show associations user="$(id -un)" format=Account 2>/dev/null | sort -u | tr '\n' ' ')"
      else
        record account "$2" ok
      fi
      [[ $3 == - ]] || if tr '|,\n' '   ' <<<"$said" | grep -Fwq -- "$3"; then
        record qos "$3" ok
      else
        record qos "$3" bad "$said"
      fi
      ;;
  esac
}

verb_modules() { # standard input: blocks of lines of init.sh, "#modules TARGETS NAME...", again and again
  local line init='' each targets modules
  temporary
  while IFS= read -r line; do
    if [[ $line != '#modules '* ]]; then
      init+=$line$'\n'
      continue
    fi
    init="set -e"$'\n'$init
    read -r _ targets modules <<<"$line"
    if ! said=$(in_clean <<<"$init" 2>&1); then
      record init "$targets" bad "$said"
      modules=''
    fi
    for each in $modules; do
      # shellcheck disable=SC2016 # of the shell that runs it
      if said=$(in_clean "$each" <<<"$init"$'\n''module show "$1" >/dev/null' 2>&1); then
        record module "$each" ok
      else
        record module "$each" bad "$said"
      fi
    done
    init=''
  done
}
