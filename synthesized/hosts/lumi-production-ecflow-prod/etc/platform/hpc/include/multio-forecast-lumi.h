%nopp
MULTIO_SERVER_CONFIG_FILE=/scratch/project_465000001/databridge/lumi-production/ecflow-prod/multio/forecast-dbf38d219078.yaml
if [ ! -s "$MULTIO_SERVER_CONFIG_FILE" ]; then
  mkdir -p "${MULTIO_SERVER_CONFIG_FILE%/*}"
  MULTIO_PART=$(mktemp "$MULTIO_SERVER_CONFIG_FILE.XXXXXX")
  cat > "$MULTIO_PART" << 'end of plans'
%end
%includenopp <multio-forecast.yaml>
%nopp
end of plans
  chmod 0644 "$MULTIO_PART"
  mv "$MULTIO_PART" "$MULTIO_SERVER_CONFIG_FILE"
  unset MULTIO_PART
fi
export MULTIO_SERVER_CONFIG_FILE
%end
