#!/bin/bash
# Modules, as users have them.

# A login shell that knows nothing of who started it, as users begin.
clean() { # SCRIPT [ARGUMENT...]
  env -i HOME="$HOME" USER="$(id -un)" LOGNAME="$(id -un)" TERM=dumb LMOD_PAGER=none PATH=/usr/bin:/bin \
    UMASK_OF_TOOLS="${UMASK_OF_TOOLS:-}" bash -l -- "$@" </dev/null
}

verb_sanity() { # CYCLE/TARGET DIGEST TOKEN SECONDS
  local work=$prefix/$1/work/$2 release=$prefix/$1/releases/$2 module said bad=0 script
  renew "$prefix/$1/lease" "$3" "$4"
  keep "$prefix/$1/lease" "$3" "$4"
  temporary
  script=$scratch/load
  {
    printf 'set -eo pipefail\n'
    cat -- "$work/site/init.sh"
    cat <<'LOAD'
module use "$1/modules/all"
module load "$2"
[[ :$_LMFILES_ == *:"$1/modules/all/$2"* ]] || { echo "another module of that name is loaded: $_LMFILES_"; exit 1; }
LOAD
  } >"$script"
  while read -r module; do
    if ! said=$(clean "$script" "$release" "$module" 2>&1); then
      bad=1
      record unsound "$module" "$said"
    fi
  done <"$work/site/modules"
  ((bad == 0)) || return 0
  shown "$work" | whole "$release/.toolchain"
  date +%s | whole "$work/sane"
}

# A line for each module of the toolchain: the digest of what `module show` says of it, or - where it is gone. Who only looks
# may not be allowed to write there.
shown() { # WORK
  local script=$scratch/show
  {
    cat -- "$1/site/init.sh"
    cat <<'SHOW'
while read -r each; do
  if text=$(module show "$each" 2>&1) && [[ $text != *rror:* ]]; then
    text=$(sha256sum <<<"$text")
    echo "shown ${text%% *} $each"
  else
    echo "shown - $each"
  fi
done <"$1/site/toolchain"
SHOW
  } >"$script"
  clean "$script" "$1" 2>/dev/null | sed -n 's/^shown //p' || true
}
