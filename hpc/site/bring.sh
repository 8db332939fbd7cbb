#!/bin/bash
# Sources, and the tools that build and test.

# Each line of standard input: SHA256 FILE fetch|brought [URL...]. A file is here once it is what it should be.
verb_sources() { # CYCLE/TARGET TOKEN SECONDS TOOLS
  tools=$prefix/tools/$4
  local sha file way urls url part got
  renew "$prefix/$1/lease" "$2" "$3"
  keep "$prefix/$1/lease" "$2" "$3"
  while read -r sha file way urls; do
    if [[ -f $prefix/sources/$sha/$file ]]; then
      record source "$file" there
      continue
    fi
    if [[ $way == brought ]]; then
      record source "$file" missing
      continue
    fi
    folder "$prefix/sources/$sha"
    find "$prefix/sources/$sha" -maxdepth 1 -name '.*' -mmin +1440 -exec rm -rf -- {} +
    part=$prefix/sources/$sha/.$file.$$
    got='no address is known'
    for url in $urls; do
      if got=$(download "$url" "$part" "$sha" 2>&1) && got=$(verified "$sha" "$part" 2>&1); then
        mv -fT -- "$part" "$prefix/sources/$sha/$file"
        got=''
        break
      fi
      rm -f -- "$part"
      got="$url: $got"
    done
    if [[ -z $got ]]; then record source "$file" fetched; else record source "$file" failed "$got"; fi
  done
}

download() { # URL FILE SHA256
  if [[ $1 == pypi:* ]]; then
    indexed "${1#pypi:}" "$2" "$3"
  elif command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --retry 2 --connect-timeout 20 --speed-limit 1024 --speed-time 60 --output "$2" -- "$1" </dev/null
  else
    wget --quiet --tries=3 --timeout=20 --output-document="$2" -- "$1" </dev/null
  fi
}

# What Python's index has as a source, by the pip of the tools, which holds it against the checksum before it reads any of it.
indexed() { # NAME==VERSION FILE SHA256
  local from=$2.from said=0
  mkdir -- "$from" || return
  printf '%s --hash=sha256:%s\n' "$1" "$3" >"$from/requirements"
  "$tools/bin/python" -m pip download --disable-pip-version-check --quiet --no-deps --no-binary :all: --no-build-isolation \
    --require-hashes --requirement "$from/requirements" --dest "$from/got" </dev/null && mv -fT -- "$from"/got/* "$2" || said=$?
  rm -rf -- "$from"
  return "$said"
}

# What EasyBuild builds beside, by easyconfigs that come with it or with the site: nodes may reach nothing. What the site has
# is not fetched, so it is asked first what is missing. Each goes where others find it once EasyBuild has held all of it
# against checksums. What cannot be fetched is told: the build may not need it.
verb_fetch() { # CYCLE/TARGET DIGEST TOKEN SECONDS TOOLS
  local work=$prefix/$1/work/$2 got=$prefix/sources/.easybuild.$$ all=$prefix/sources/easybuild missing each file said
  renew "$prefix/$1/lease" "$3" "$4"
  keep "$prefix/$1/lease" "$3" "$4"
  temporary
  folder "$all"
  find "$prefix/sources" -maxdepth 1 -name '.easybuild.*' -mmin +1440 -exec rm -rf --one-file-system -- {} +
  {
    printf 'set -eo pipefail\n'
    cat -- "$work/site/init.sh"
    cat <<'FETCH'
work=$1 eb=$2/bin/eb
export EB_PYTHON=$2/bin/python EASYBUILD_PREFIX=$3 EASYBUILD_SOURCEPATH=$4:$5:$work/sources EASYBUILD_TMPDIR=$3
export EASYBUILD_ROBOT_PATHS=$work/easyconfigs:${EASYBUILD_ROBOT_PATHS:+$EASYBUILD_ROBOT_PATHS:}
export EASYBUILD_MODULES_TOOL=Lmod EASYBUILD_ENFORCE_CHECKSUMS=1 XDG_CONFIG_HOME=$3/none
export EASYBUILD_INSTALLPATH=${work%/work/*}/releases/${work##*/}
unset EASYBUILD_CONFIGFILES EASYBUILD_INSTALLPATH_SOFTWARE EASYBUILD_INSTALLPATH_MODULES EASYBUILD_REPOSITORYPATH
shift 5
"$eb" "$@"
FETCH
  } >"$scratch/fetch"
  set -- "$scratch/fetch" "$work" "$prefix/tools/$5" "$scratch" "$got" "$all"
  missing=$(clean "$@" --easystack "$work/easystack.yaml" --robot --missing-modules 2>&1) || {
    record unfetched "what is missing" "$missing"
    return 0
  }
  while IFS= read -r each; do
    [[ ! -e $work/easyconfigs/$each ]] || continue
    folder "$got"
    if said=$(clean "$@" --fetch "$each" 2>&1); then
      (cd -- "$got" && find . -type f -print0) | while IFS= read -r -d '' file; do
        mkdir -p -- "$all/${file%/*}"
        mv -fT -- "$got/$file" "$all/$file"
      done
      record fetched "$each"
    else
      record unfetched "$each" "$said"
    fi
    rm -rf --one-file-system -- "$got"
  done < <(sed -n 's/^\* .* (\(.*\.eb\))$/\1/p' <<<"$missing")
}

verified() { # SHA256 FILE
  local is
  [[ -e $2 ]] || fail "nothing has come"
  is=$(sha256sum -- "$2")
  is=${is%% *}
  [[ ${is#\\} == "$1" ]] || fail "has the checksum $is, not $1"
}

verb_receive() { # CYCLE/TARGET TOKEN SECONDS SHA256 FILE, standard input
  local part=$prefix/sources/$4/.$5.$$
  renew "$prefix/$1/lease" "$2" "$3"
  keep "$prefix/$1/lease" "$2" "$3"
  folder "$prefix/sources/$4"
  cat >"$part" || { rm -f -- "$part"; fail "$5 cannot be written"; }
  (verified "$4" "$part") || { rm -f -- "$part"; fail "$5 did not arrive as it was sent"; }
  mv -fT -- "$part" "$prefix/sources/$4/$5"
}

# Standard input: an archive of init.sh, requirements, and wheels if they are brought. Other installations use the same
# tools, so they have a lease of their own, of this shell, which may live for a moment after its connection. Programs of it know
# where they lie: it is made in its place.
verb_tools() { # CYCLE/TARGET TOKEN SECONDS DIGEST PYTHON index|brought WHO
  local tools=$prefix/tools/$4 token=$2.$$ from=() said
  renew "$prefix/$1/lease" "$2" "$3"
  keep "$prefix/$1/lease" "$2" "$3"
  take "$tools.lease" "$token" 600 "$7"
  own=$tools.lease own_token=$token
  keep "$tools.lease" "$token" 600
  [[ ! -e $tools/.complete ]] || return 0
  rm -rf --one-file-system -- "$tools" "$tools.from"
  folder "$tools"
  folder "$tools.from"
  tar -C "$tools.from" -x -f -
  [[ $6 == index ]] || from=(--no-index --find-links "$tools.from/wheels")
  # What is built is built by what the requirements name, and not by what an index has today.
  {
    printf 'set -eo pipefail\n'
    cat -- "$tools.from/init.sh"
    cat <<'MAKE'
python=$1 tools=$2 from=$3
shift 3
umask "$UMASK_OF_TOOLS"
"$python" -m venv "$tools"
pip() { "$tools/bin/python" -m pip --disable-pip-version-check --no-cache-dir --quiet "$@"; }
pip install --require-hashes --no-deps --requirement "$from/first.txt" "$@"
pip install --require-hashes --no-deps --no-build-isolation --requirement "$from/requirements.txt" "$@"
"$tools/bin/python" -c 'import easybuild.framework, reframe'
MAKE
  } >"$tools.from/make.sh"
  said=$(UMASK_OF_TOOLS=$(umask) clean "$tools.from/make.sh" "$5" "$tools" "$tools.from" ${from[@]+"${from[@]}"} 2>&1) || fail "$said"
  rm -rf --one-file-system -- "$tools.from"
  touch -- "$tools/.complete"
}
