# leonardo-production-ecflow-prod-standby: from sites/leonardo.ts by databridge synth; what is changed here is undone by databridge configure
# Tells people what can be read from now on: a task that runs on this host includes it.
#   platform_notify extremes-dt class=… dataset=… expver=… stream=… date=… time=… type=… levtype=… step=…
# While nobody answers, it asks for five minutes; then, and where it is refused, it fails. Who listens may be told twice.
platform_notify() {
  local -; { set +x; } 2> /dev/null
  local event=${1-} key keys word password payload="" said=" " identifier="" wrong="" code end=$((SECONDS + 300))
  case $event in
    extremes-dt) keys="class dataset expver stream date time type levtype step" ;;
    *) echo "platform_notify: \"$event\" is no event, there are: extremes-dt" >&2; return 2 ;;
  esac
  for word in "${@:2}"; do
    if [[ $word =~ ^([a-z]+)=([A-Za-z0-9._/:+-]+)$ && " $keys " == *" ${BASH_REMATCH[1]} "* &&
          $said != *" ${BASH_REMATCH[1]} "* ]]; then
      said+="${BASH_REMATCH[1]} "
      identifier+="${identifier:+, }\"${BASH_REMATCH[1]}\": \"${BASH_REMATCH[2]}\""
    else
      wrong+=" \"$word\" is not taken;"
    fi
  done
  for key in $keys; do [[ $said == *" $key "* ]] || wrong+=" $key is missing;"; done
  if [ -n "$wrong" ]; then
    echo "platform_notify:$wrong $event takes each of these once, as <key>=<value>: $keys" >&2
    return 2
  fi
  password=$(cat /etc/platform/aviso/notifier) || return 1
  password=${password//\\/\\\\}
  password=${password//\"/\\\"}
  while true; do
    code=0
    curl -q --silent --show-error --fail-with-body --noproxy "*" --connect-timeout 10 --max-time 60 \
      --retry 10 --retry-delay 30 --retry-connrefused --retry-max-time 300 \
      --connect-to aviso.leonardo.apps.dte.destination-earth.eu:443:aviso.production.leonardo.apps.dte.destination-earth.eu:30443 --config <(echo "user = \"notifier:$password\"") \
      --json @- https://aviso.leonardo.apps.dte.destination-earth.eu/api/v1/notification \
      <<< "{\"event_type\": \"$event\", \"identifier\": {$identifier}${payload:+, \"payload\": $payload}}" || code=$?
    case $code in
      35 | 52 | 55 | 56) ((SECONDS < end)) || break ;;
      *) break ;;
    esac
    sleep 10
  done
  return "$code"
}
