# home-production-collector: from sites/home.ts by databridge synth; what is changed here is undone by databridge configure
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
  destination = "/var/lib/vault-agent/fetched/logs.pem"
  contents = "{{ with pkiCert \"pki-production/issue/home-production-logs\" \"common_name=collector.production.home.apps.dte.destination-earth.eu\" \"alt_names=logs.production.home.apps.dte.destination-earth.eu\" \"ttl=2592000s\" }}{{ .Cert }}{{ .CA }}{{ .Key }}{{ end }}"
  error_on_missing_key = true
  perms = "0400"
}
