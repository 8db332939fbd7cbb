# Builds a release with EasyBuild. Before these lines the job has what it was rendered with: DATABRIDGE_… and the lines
# that make the site's modules as they are for this target.
set -euo pipefail
umask "$DATABRIDGE_UMASK"
work=$DATABRIDGE_WORK release=$DATABRIDGE_RELEASE tools=$DATABRIDGE_TOOLS
scratch=${TMPDIR:-/tmp}/databridge-$SLURM_JOB_ID

# One of that name whose number was lost, beside the one that is waited for, has nothing to do.
read -r ordered _ 2>/dev/null <"$work/build.id" || ordered=
[[ -z $ordered || $ordered == "$SLURM_JOB_ID" ]] || { echo "job $ordered builds it" && exit 1; }

# How it has ended, where Slurm's accounting does not tell.
finish() {
  local code=$?
  set +e
  if ((code != 0)); then
    mkdir -p -- "$work/logs"
    find "$scratch" -name 'easybuild-*.log*' -size -64M -exec cp -t "$work/logs" -- {} + 2>/dev/null || true
    echo "logs of EasyBuild: $work/logs"
  fi
  rm -rf -- "$scratch"
  printf '%s %s\n' "$SLURM_JOB_ID" "$code" >"$work/build.exit"
}
trap finish EXIT
trap 'exit 143' TERM
rm -f -- "$work/build.exit" "$release/.built"
mkdir -p -- "$release" "$scratch"

# Modules of the site stay. Those of ours, of this release or another, would be taken for what is to be built.
mine=${DATABRIDGE_SOURCES%/sources}
for folder in $(tr : '\n' <<<"${MODULEPATH:-}"); do
  case $folder in "$mine"/*) module unuse "$folder" ;; esac
done

# What the site's modules say of its toolchains stays; what an account has set for itself does not count. Python is that of
# the site to what is built: the one of EasyBuild is not first in PATH.
export XDG_CONFIG_HOME=$scratch/none PYTHONNOUSERSITE=1 EB_PYTHON=$tools/bin/python
unset PYTHONPATH EASYBUILD_CONFIGFILES EASYBUILD_INSTALLPATH EASYBUILD_INSTALLPATH_SOFTWARE EASYBUILD_INSTALLPATH_MODULES
unset EASYBUILD_REPOSITORYPATH EASYBUILD_SUBDIR_MODULES EASYBUILD_SUBDIR_SOFTWARE EASYBUILD_SUFFIX_MODULES_PATH
export EASYBUILD_PREFIX=$release EASYBUILD_SOURCEPATH=$work/sources:$DATABRIDGE_SOURCES/easybuild EASYBUILD_BUILDPATH=$scratch/build
export EASYBUILD_TMPDIR=$scratch EASYBUILD_REPOSITORYPATH=$release/ebfiles_repo EASYBUILD_LOCKS_DIR=$work/locks
# Ours first, then those of the site, then those that come with EasyBuild: an empty word stands for them.
export EASYBUILD_ROBOT_PATHS=$work/easyconfigs:${EASYBUILD_ROBOT_PATHS:+$EASYBUILD_ROBOT_PATHS:}
export EASYBUILD_MODULES_TOOL=Lmod EASYBUILD_MODULE_SYNTAX=Lua EASYBUILD_MODULE_NAMING_SCHEME=EasyBuildMNS
export EASYBUILD_ENFORCE_CHECKSUMS=1 EASYBUILD_UMASK=${DATABRIDGE_UMASK: -3} EASYBUILD_PARALLEL=${SLURM_CPUS_ON_NODE:-1}
# A job that was killed has left its locks. One job at a time builds a release.
rm -rf -- "$work/locks"

"$tools/bin/eb" --easystack "$work/easystack.yaml" --robot

# Only what is complete is called so: nothing is missing to EasyBuild, and each module that was ordered has its file here.
missing=$("$tools/bin/eb" --easystack "$work/easystack.yaml" --robot --missing-modules 2>&1) || { printf '%s\n' "$missing" && exit 1; }
[[ $missing == *'No missing modules'* ]] || { printf '%s\n' "$missing" && exit 1; }
python=$tools/bin/python
"$python" - "$work/release.json" "$release/modules/all" <<'PYTHON'
import json
import os
import sys

modules = [each["module"] for each in json.load(open(sys.argv[1]))["modules"]]
missing = [name for name in modules if not os.path.exists(os.path.join(sys.argv[2], name + ".lua"))]
if missing:
    sys.exit("ordered, and not built: " + ", ".join(missing))
PYTHON
printf '%s\n' "$SLURM_JOB_ID" >"$release/.built.part"
mv -fT -- "$release/.built.part" "$release/.built"
echo "release $DATABRIDGE_RELEASE is built"
