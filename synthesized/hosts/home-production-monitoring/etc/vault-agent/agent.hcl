# home-production-monitoring: from sites/home.ts by databridge synth; what is changed here is undone by databridge configure
vault {
  address = "https://vault.production.home.apps.dte.destination-earth.eu:8200"
  ca_cert = "/usr/local/share/ca-certificates/platform-root.crt"
}

auto_auth {
  method "approle" {
    mount_path = "auth/approle"
    max_backoff = "1m"
    config = {
      role_id_file_path = "/var/lib/vault-agent/role-id"
      secret_id_file_path = "/var/lib/vault-agent/secret-id"
      remove_secret_id_file_after_reading = false
    }
  }
  sink "file" {
    config = { path = "/run/vault-agent/token", mode = 0400 }
  }
}

template_config {
  exit_on_retry_failure = false
  static_secret_render_interval = "5m"
}

template {
  destination = "/var/lib/vault-agent/fetched/etc_-platform_-grafana_-admin"
  contents = "{{ with secret \"kv-home-production/data/production/monitoring/grafana\" }}{{ with index .Data.data \"admin\" }}{{ . }}{{ end }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/kv-home-production_-production_-monitoring_-grafana.written"
  contents = "{{ with secret \"kv-home-production/data/production/monitoring/grafana\" }}{{ .Data.metadata.created_time }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/telemetry.pem"
  contents = "{{ with pkiCert \"pki-production/issue/home-production-telemetry\" \"common_name=monitoring.production.home.apps.dte.destination-earth.eu\" \"alt_names=telemetry.production.home.apps.dte.destination-earth.eu\" \"ttl=2592000s\" }}{{ .Cert }}{{ .CA }}{{ .Key }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}

template {
  destination = "/var/lib/vault-agent/fetched/dashboards.pem"
  contents = "{{ with pkiCert \"pki-production/issue/home-production-dashboards\" \"common_name=monitoring.production.home.apps.dte.destination-earth.eu\" \"alt_names=dashboards.production.home.apps.dte.destination-earth.eu\" \"ttl=2592000s\" }}{{ .Cert }}{{ .CA }}{{ .Key }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}
