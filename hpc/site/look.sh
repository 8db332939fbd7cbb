#!/bin/bash
# What is there. Nothing is changed.

verb_look() { # full|short TOOLS CYCLE/TARGET=DIGEST...
  local kind=$1 tools=$2 each
  shift 2
  [[ $kind == short ]] || temporary
  record at "$(date +%s)" "$(uname -n)"
  [[ ! -e $prefix/tools/$tools/.complete ]] || record tools "$tools"
  for each; do look_at "$kind" "${each%%=*}" "${each#*=}"; done
}

look_at() { # full|short CYCLE/TARGET DIGEST
  local home=$prefix/$2 work=$prefix/$2/work/$3 each job out line
  record installation "$2"
  [[ -d $home ]] || return 0
  [[ ! -L $home/current ]] || record current "$(readlink -- "$home/current")"
  leased "$home/lease"
  [[ -z $token_there ]] || record lease "$token_there" "$until_there" "$who_there"
  if [[ -e $home/history ]]; then
    tail -n 500 -- "$home/history" | while read -r line; do record history "$line"; done
  fi
  if [[ -e $home/held ]]; then
    while read -r line; do record held "$line"; done <"$home/held"
  fi
  for each in "$home"/releases/*/ "$home"/work/*/; do
    each=${each%/}
    [[ -d $each && ! -L $each ]] || continue
    case $each in
      */work/*) record work "${each##*/}" ;;
      *) if [[ -e $each/.built ]]; then record release "${each##*/}" built; else record release "${each##*/}" partial; fi ;;
    esac
  done
  for each in staged sane tested; do
    [[ ! -e $work/$each ]] || record mark "$each" "$(<"$work/$each")"
  done
  for each in build test; do
    [[ ! -e $work/$each.failed ]] || while read -r line; do record failed "$each" "$line"; done <"$work/$each.failed"
    if [[ -s $work/$each.id ]]; then
      read -r job out <"$work/$each.id"
      [[ $each == test || ! -e $home/releases/$3/.built ]] || continue
      record job "$each" "$job" "$out" "$(state "$job")"
    fi
  done
  [[ $kind == short || ! -L $home/current ]] || drift "$home"
}

# Lines for files that are not as the manifest says.
unlike() { # RELEASE
  (cd -- "$1" && sha256sum --check --quiet .manifest 2>/dev/null) || true
}

# Lines of the manifest for what is there.
listed() { # RELEASE
  (cd -- "$1" && find modules -type f -print0 | sort -z | xargs -0 -r sha256sum --)
}

# Module files and software that are not as they were published, and modules of the site that are not as they were then.
drift() { # HOME
  local release digest file said was
  digest=$(readlink -- "$1/current")
  digest=${digest##*/}
  release=$1/releases/$digest
  if [[ -d $release && -e $release/.manifest ]]; then
    unlike "$release" | while IFS= read -r said; do
      file=${said%: *}
      if [[ -e $release/$file ]]; then record damaged "$file" changed; else record damaged "$file" missing; fi
    done
    { (cd -- "$release" && find modules -type f 2>/dev/null) || true; } | while IFS= read -r file; do
      grep -Fxq -- "$file" <(sed 's/^[^ ]*  //' "$release/.manifest") || record damaged "$file" added
    done
    # EasyBuild leaves a folder of its own in each.
    sed -n 's|^[^ ]*  modules/all/\(.*\)\.lua$|software/\1|p' "$release/.manifest" | while IFS= read -r file; do
      [[ -d $release/$file/easybuild ]] || record damaged "$file" missing
    done
  else
    record damaged "$release" missing
  fi
  [[ -e $release/.toolchain && -e $1/work/$digest/site/init.sh ]] || return 0
  shown "$1/work/$digest" | while read -r said file; do
    was=$(awk -v module="$file" '$2 == module { print $1 }' "$release/.toolchain")
    if [[ $said == - ]]; then
      record toolchain "$file" gone
    elif [[ $said != "$was" ]]; then
      record toolchain "$file" changed
    fi
  done
}

# The state of a job, as Slurm calls it, and why it waits. UNKNOWN: Slurm does not answer. GONE: it knows of no such job.
state() { # JOB
  local ask=(squeue --noheader --states=all --jobs="$1" --format='%T %r') said
  # Warnings beside an answer are none.
  if said=$("${ask[@]}" 2>/dev/null); then
    said=${said%%$'\n'*}
    if [[ -n $said ]]; then
      printf '%s' "$said"
      return 0
    fi
  else
    said=$("${ask[@]}" 2>&1 >/dev/null) || true
    if [[ $said != *'Invalid job id'* ]]; then
      printf 'UNKNOWN %s' "$said"
      return 0
    fi
  fi
  said=$(sacct --noheader --allocations --parsable2 --jobs="$1" --format=State 2>/dev/null) || said=''
  said=${said%%$'\n'*}
  printf '%s' "${said:-GONE}"
}

# What nobody has heard of may still run. @see squeue(1), sacct(1): JOB STATE CODES
ended() { # STATE
  case ${1%%[ +]*} in
    BOOT_FAIL | CANCELLED | COMPLETED | DEADLINE | EXPIRED | FAILED | GONE | LAUNCH_FAILED | NODE_FAIL | OUT_OF_MEMORY | PREEMPTED | RECONFIG_FAIL | REVOKED | TIMEOUT) ;;
    *) return 1 ;;
  esac
}
